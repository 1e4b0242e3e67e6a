//! Names of what is in a group, read without looking at any of it.
//!
//! `hdf5-reader` lists a group only where every object in it can be read. This is for the others: three ways in which links are
//! stored (symbol table; messages in the header; a heap with an index).

use hdf5_reader::Hdf5File;
use hdf5_reader::btree_v1::collect_btree_v1_leaves_storage;
use hdf5_reader::btree_v2::{BTreeV2Header, BTreeV2Record, collect_btree_v2_records_storage};
use hdf5_reader::error::Error;
use hdf5_reader::fractal_heap::FractalHeap;
use hdf5_reader::group::Group;
use hdf5_reader::io::Cursor;
use hdf5_reader::local_heap::LocalHeap;
use hdf5_reader::messages::{HdfMessage, link};
use hdf5_reader::symbol_table::SymbolTableNode;

/// The names, in the order of the file.
pub(super) fn names(file: &Hdf5File, group: &Group) -> Result<Vec<String>, Error> {
    let links = Links {
        group,
        sizes: (group.offset_size(), group.length_size()),
    };
    let mut names = Vec::new();
    for message in &file.get_or_parse_header(group.address())?.messages {
        match message {
            HdfMessage::SymbolTable(table) => {
                links.of_table(table.btree_address, table.heap_address, &mut names)?;
            }
            HdfMessage::Link(link) => names.push(link.name.clone()),
            HdfMessage::LinkInfo(info)
                if !Cursor::is_undefined_offset(info.fractal_heap_address, links.sizes.0) =>
            {
                let index = info.btree_name_index_address;
                links.of_heap(info.fractal_heap_address, index, &mut names)?;
            }
            _ => {}
        }
    }
    Ok(names)
}

struct Links<'a> {
    group: &'a Group,
    /// Bytes of an offset and of a length.
    sizes: (u8, u8),
}

impl Links<'_> {
    fn of_table(&self, index: u64, heap: u64, names: &mut Vec<String>) -> Result<(), Error> {
        let (storage, (offset, length)) = (self.group.storage(), self.sizes);
        let heap = LocalHeap::parse_at_storage(storage, heap, offset, length)?;
        let leaves =
            collect_btree_v1_leaves_storage(storage, index, offset, length, None, &[], None)?;
        for (_, address) in leaves {
            // Signature, version, a byte that is not used, number of entries; two addresses and 24 bytes for each.
            let head = storage.read_range(address, 8)?;
            let count = match *head.as_ref() {
                [.., low, high] => u16::from_le_bytes([low, high]),
                _ => 0,
            };
            let entry = usize::from(offset).saturating_mul(2).saturating_add(24);
            let size = usize::from(count).saturating_mul(entry).saturating_add(8);
            let bytes = storage.read_range(address, size)?;
            let node = SymbolTableNode::parse(&mut Cursor::new(bytes.as_ref()), offset, length)?;
            for entry in &node.entries {
                names.push(heap.get_string_storage(entry.link_name_offset, storage)?);
            }
        }
        Ok(())
    }

    fn of_heap(&self, heap: u64, index: u64, names: &mut Vec<String>) -> Result<(), Error> {
        let (storage, (offset, length)) = (self.group.storage(), self.sizes);
        let heap = FractalHeap::parse_at_storage(storage, heap, offset, length)?;
        let header = BTreeV2Header::parse_at_storage(storage, index, offset, length)?;
        let records =
            collect_btree_v2_records_storage(storage, &header, offset, length, None, &[], None)?;
        for record in &records {
            if let BTreeV2Record::LinkNameHash { heap_id, .. } = record {
                let bytes = heap.get_object_storage(heap_id, storage, offset, length)?;
                let link = link::parse(&mut Cursor::new(&bytes), offset, length, bytes.len())?;
                names.push(link.name);
            }
        }
        Ok(())
    }
}
