//! TIFF and BigTIFF.
use super::*;
pub(super) struct TiffDocument;
impl TiffDocument {
    pub(super) fn open(
        _r: SourceReader,
        _l: &Limits,
        _n: &mut Notices,
    ) -> Result<TiffDocument, FormatError> {
        Err(FormatError::Unsupported {
            format: Format::Tiff,
            field: "this kind of file".into(),
            remedy: "",
        })
    }
}
impl Document for TiffDocument {
    fn format(&self) -> Format {
        Format::Tiff
    }
    fn signals(&self) -> &[Signal] {
        &[]
    }
    fn read_plane(
        &self,
        _s: usize,
        _p: usize,
        _n: &mut Notices,
    ) -> Result<PlaneSamples, FormatError> {
        Err(FormatError::Unsupported {
            format: Format::Tiff,
            field: "this kind of file".into(),
            remedy: "",
        })
    }
}
