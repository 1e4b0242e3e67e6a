//! The reader of HDF5 as a program of its own, which the page's worker loads with the first such file: what crosses is
//! described in `formats/apart.rs`, the other side is `app/worker/apart.rs`.

#[cfg(target_arch = "wasm32")]
mod exported {
    use std::io;
    use std::rc::Rc;

    use alloyscope::formats::Source;
    use alloyscope::formats::apart::{Apart, here};
    use js_sys::{Function, Uint8Array};
    use wasm_bindgen::prelude::*;

    /// The bytes of the file, which the other side has.
    struct Far {
        read: Function,
        length: u64,
    }

    impl Source for Far {
        fn len(&self) -> u64 {
            self.length
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
            let count = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
            let bytes = self
                .read
                .call2(&JsValue::NULL, &(offset as f64).into(), &count.into())
                .map_err(|e| io::Error::other(e.as_string().unwrap_or_default()))?;
            let bytes = Uint8Array::from(bytes);
            let count = bytes.length() as usize;
            let target = buffer.get_mut(..count).ok_or(io::ErrorKind::InvalidData)?;
            bytes.copy_to(target);
            Ok(count)
        }
    }

    /// A file that is open here.
    #[wasm_bindgen]
    pub struct Opened {
        answer: Vec<u8>,
        document: Box<dyn Apart>,
    }

    fn said(error: io::Error) -> JsValue {
        JsError::new(&error.to_string()).into()
    }

    /// Opens a file of `length` bytes, which `read` gives by offset and number.
    #[wasm_bindgen]
    pub fn open(read: Function, length: f64, question: &[u8]) -> Result<Opened, JsValue> {
        let length = length as u64;
        let source = Rc::new(Far { read, length });
        let (answer, document) = here(source, question).map_err(said)?;
        Ok(Opened { answer, document })
    }

    #[wasm_bindgen]
    impl Opened {
        /// What it holds.
        pub fn answer(&self) -> Vec<u8> {
            self.answer.clone()
        }

        /// A plane of a signal.
        pub fn read_plane(
            &self,
            signal: u32,
            plane: u32,
            question: &[u8],
        ) -> Result<Vec<u8>, JsValue> {
            let place = (signal as usize, plane as usize);
            self.document.read_plane(place, question).map_err(said)
        }
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {
    alloyscope::app::start_part();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is a part of the page: build it with `trunk build`.");
    std::process::exit(2);
}
