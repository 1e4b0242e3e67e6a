"""Writes hdf5_old.h5, hdf5_new.h5 and others beside itself: what the forger of the tests cannot write (h5py 3, HDF5 1.14).

The first two hold the same: an image of 6 x 9 uint16 through LZF, a float32 of 5 x 7 through gzip, shuffle and fletcher32 with an
unlimited dimension, a picture behind a soft link, a link to nowhere and a circle of links, texts of fixed and of varying
length. `old` has superblock 0 with symbol tables, `new` superblock 3 with the newest indices.
"""
import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))

for name, libver in [("old", ("earliest", "v108")), ("new", ("latest", "latest"))]:
    with h5py.File(os.path.join(HERE, f"hdf5_{name}.h5"), "w", libver=libver) as file:
        image = (np.arange(54) // 3 * 1000).reshape(6, 9).astype("u2")
        file.create_dataset("packed/lzf", data=image, chunks=(6, 9), compression="lzf")
        floats = (np.arange(35) * 0.25).reshape(5, 7).astype(">f4")
        file.create_dataset(
            "packed/gzip", data=floats, chunks=(2, 4), maxshape=(None, 7),
            compression="gzip", shuffle=True, fletcher32=True,
        )
        file["linked"] = h5py.SoftLink("/packed/lzf")
        file["packed/nowhere"] = h5py.SoftLink("/nothing")
        file["packed/circle"] = h5py.SoftLink("/packed")
        file.attrs["fixed"] = np.bytes_("\u00b5m".encode())
        file.attrs["varying"] = "\u00b5m"
        file["packed"].attrs["flag"] = True
        file.create_dataset("texts", data=["one", "two"], dtype=h5py.string_dtype())

# More links than a header holds: they lie in a heap with an index.
with h5py.File(os.path.join(HERE, "hdf5_dense.h5"), "w", libver="latest") as file:
    for index in range(12):
        file.create_dataset(f"many/{index:02}", data=np.full((4, 4), index, "u1"))

# The beginning of 4.6 GB of bytes in one piece, which starts behind it.
with h5py.File(os.path.join(HERE, "hdf5_large.h5"), "w", libver=("earliest", "v108")) as file:
    how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    how.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    how.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    space = h5py.h5s.create_simple((60000, 300, 256))
    stack = h5py.h5d.create(file.id, b"stack", h5py.h5t.STD_U8LE, space, how)
    start = stack.get_offset()
os.truncate(os.path.join(HERE, "hdf5_large.h5"), start)
