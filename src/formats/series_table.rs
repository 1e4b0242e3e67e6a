//! `series.csv`, and the same table pasted from a spreadsheet.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::cells::{Cells, cells, decimal_mark, is_blank, looks_grouped, number};
use crate::language::{Number, say, word};
use crate::signal::{ClockKind, DateTime, NoticeKind, Notices};
use crate::units::kelvin_from_celsius;

/// Temperatures that a step can have (K), in a file and typed by hand: above 0.
pub const TEMPERATURES_K: Range<f64> = f64::EPSILON..10_000.0;
/// Their standard errors (K).
pub const TEMPERATURE_ERRORS_K: Range<f64> = 0.0..10_000.0;
/// Durations that a step can have (s): up to some thirty years.
pub const DWELLS_S: Range<f64> = 0.0..1e9;
/// Sizes that a pixel can have (nm): above 0 and below a millimeter.
pub const PIXELS_NM: Range<f64> = f64::EPSILON..1e6;

/// When an image was taken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageTime {
    /// By the clock of the microscope's computer.
    At(DateTime),
    /// Seconds since the start of the experiment.
    Elapsed(f64),
}

/// One line of the table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableRow {
    /// Name or path of the file, as written; `None` where the column is blank or absent.
    pub file: Option<String>,
    /// Plane in the file, counted from 0.
    pub frame: Option<usize>,
    /// Temperature of the heating step that ended with this frame (K).
    pub temperature_k: Option<f64>,
    /// Duration of that step (s).
    pub dwell_s: Option<f64>,
    /// Size of a pixel (nm).
    pub pixel_nm: Option<f64>,
    /// Standard error of the temperature (K).
    pub temperature_se_k: Option<f64>,
    /// When the image was taken.
    pub taken: Option<ImageTime>,
    /// By which clock, where the cell names one.
    pub clock: ClockKind,
}

/// A parsed table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeriesTable {
    /// In the order of the text; the first is the initial state.
    pub rows: Vec<TableRow>,
}

/// Why a text is no such table. Rows and columns count from 1, the header is row 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TableError {
    /// Nothing in it.
    #[error("{}", word!("the table is empty" | "die Tabelle ist leer"))]
    Empty,
    /// None of the known columns.
    #[error("{}", word!(
        "row 1 names none of the columns file, frame, temperature_K, temperature_C, dwell_s, pixel_nm"
        | "Zeile 1 nennt keine der Spalten file, frame, temperature_K, temperature_C, dwell_s, pixel_nm"
    ))]
    NoColumns,
    /// The same quantity twice.
    #[error("{}", say!(
        "column {column}: {name} is already given by another column"
        | "Spalte {column}: {name} steht schon in einer anderen Spalte"
    ))]
    Repeated {
        /// Column.
        column: usize,
        /// Its header.
        name: String,
    },
    /// A cell that should hold a number.
    #[error("{}", say!(
        "row {row}, column {column} ({name}): '{text}' is not a number"
        | "Zeile {row}, Spalte {column} ({name}): „{text}“ ist keine Zahl"
    ))]
    NotANumber {
        /// Row.
        row: usize,
        /// Column.
        column: usize,
        /// Header of the column.
        name: String,
        /// What stands there.
        text: String,
    },
    /// A number that reads as two, by its decimal mark and by that of the others.
    #[error("{}", say!(
        "row {row}, column {column} ({name}): '{text}' seems to have a mark of thousands, as other numbers have another decimal mark; write it without"
        | "Zeile {row}, Spalte {column} ({name}): „{text}“ hat wohl ein Tausendertrennzeichen, da andere Zahlen ein anderes Dezimalzeichen haben; ohne es schreiben"
    ))]
    Thousands {
        /// Row.
        row: usize,
        /// Column.
        column: usize,
        /// Header of the column.
        name: String,
        /// What stands there.
        text: String,
    },
    /// A cell that should hold a time.
    #[error("{}", say!(
        "row {row}, column {column} ({name}): '{text}' is neither seconds nor a date with a time, such as 2017-06-12 09:30:00"
        | "Zeile {row}, Spalte {column} ({name}): „{text}“ sind weder Sekunden noch ein Datum mit Uhrzeit wie 2017-06-12 09:30:00"
    ))]
    NoTime {
        /// Row.
        row: usize,
        /// Column.
        column: usize,
        /// Header of the column.
        name: String,
        /// What stands there.
        text: String,
    },
    /// A number that cannot be.
    #[error("{}", say!(
        "row {row}, column {column} ({name}): {} is out of range"
        | "Zeile {row}, Spalte {column} ({name}): {} liegt außerhalb des Bereichs", Number(*value)
    ))]
    OutOfRange {
        /// Row.
        row: usize,
        /// Column.
        column: usize,
        /// Header of the column.
        name: String,
        /// The number.
        value: f64,
    },
    /// Quotes do not close.
    #[error("{}", say!(
        "row {row}: the quotation marks do not match"
        | "Zeile {row}: die Anführungszeichen gehen nicht auf"
    ))]
    Quotes {
        /// Row in which they open.
        row: usize,
    },
}

#[derive(Clone, Copy, PartialEq)]
enum Column {
    File,
    Frame,
    TemperatureK,
    TemperatureC,
    Dwell { seconds: f64 },
    Pixel { nanometers: f64 },
    TemperatureError,
    Taken { seconds: f64 },
}

impl Column {
    /// Headers without case, blanks and brackets: `Temperature (K)` is `temperature_k`.
    fn from_header(header: &str) -> Option<Column> {
        let key: String = header
            .trim()
            .to_ascii_lowercase()
            .chars()
            .map(|c| match c {
                ' ' | '-' | '/' | '(' | '[' => '_',
                'µ' | 'μ' => 'u',
                c => c,
            })
            .filter(|c| !matches!(c, ')' | ']' | '°' | '.'))
            .collect();
        let mut parts: Vec<&str> = key.split('_').filter(|p| !p.is_empty()).collect();
        if parts.first() == Some(&"in") {
            parts.remove(0);
        }
        Some(match parts.join("_").as_str() {
            "file" | "filename" | "file_name" | "image" | "name" | "path" => Column::File,
            "frame" | "plane" | "page" | "slice" => Column::Frame,
            "temperature_k" | "t_k" | "temp_k" | "temperature" | "temperature_in_k" => {
                Column::TemperatureK
            }
            "temperature_c" | "t_c" | "temp_c" | "temperature_degc" | "temperature_in_c" => {
                Column::TemperatureC
            }
            "dwell_s" | "dwell" | "time_s" | "dwell_time_s" | "duration_s" => {
                Column::Dwell { seconds: 1.0 }
            }
            "dwell_min" | "dwell_time_min" => Column::Dwell { seconds: 60.0 },
            "dwell_h" | "dwell_time_h" => Column::Dwell { seconds: 3600.0 },
            "pixel_nm" | "pixel_size_nm" | "pixelsize_nm" | "nm_px" | "nm_pixel" => {
                Column::Pixel { nanometers: 1.0 }
            }
            "pixel_pm" | "pixel_size_pm" => Column::Pixel { nanometers: 1e-3 },
            "pixel_a" | "pixel_å" | "pixel_size_å" => Column::Pixel { nanometers: 0.1 },
            "pixel_um" | "pixel_size_um" => Column::Pixel { nanometers: 1e3 },
            "temperature_se_k" | "temperature_error_k" | "t_se_k" | "t_error_k" => {
                Column::TemperatureError
            }
            // `time_s` has always been the dwell.
            "time" | "datetime" | "date_time" | "timestamp" | "acquired" | "elapsed"
            | "elapsed_s" => Column::Taken { seconds: 1.0 },
            "elapsed_min" => Column::Taken { seconds: 60.0 },
            "elapsed_h" => Column::Taken { seconds: 3600.0 },
            _ => return None,
        })
    }

    fn same_quantity(self, other: Column) -> bool {
        use Column::{
            Dwell, File, Frame, Pixel, Taken, TemperatureC, TemperatureError, TemperatureK,
        };
        matches!(
            (self, other),
            (File, File)
                | (Frame, Frame)
                | (TemperatureK | TemperatureC, TemperatureK | TemperatureC)
                | (Dwell { .. }, Dwell { .. })
                | (Pixel { .. }, Pixel { .. })
                | (TemperatureError, TemperatureError)
                | (Taken { .. }, Taken { .. })
        )
    }
}

/// Reads the table: a header with at least one of `file`, `frame`, `temperature_K`, `temperature_C`, `dwell_s`,
/// `pixel_nm` (in any order and case), then one line per frame. `time` says when an image was taken (seconds, or date and time),
/// `temperature_se_K` how well its temperature is known.
///
/// Separated by comma, semicolon or tab; decimal points or commas; quoted cells; a byte order mark; blank cells are
/// unknown values. A row all of whose cells are blank is left out, and so is one that starts with `#`. `frame` counts
/// from 0. Columns of other names are left out with a notice.
///
/// # Errors
/// [`TableError`], with row and column.
pub fn parse_table(text: &str, notices: &mut Notices) -> Result<SeriesTable, TableError> {
    let records = cells(text)?;
    let (header, records) = records.split_first().ok_or(TableError::Empty)?;
    let header = &header.cells;
    let columns = columns(header, notices)?;
    check_marks(records, header, &columns)?;
    let mut table = SeriesTable::default();
    for record in records {
        table.rows.push(parse_row(record, header, &columns)?);
    }
    if table.rows.is_empty() {
        return Err(TableError::Empty);
    }
    Ok(table)
}

/// `1,200` is 1.2, unless the table's other numbers have a decimal point: then nobody knows.
fn check_marks(
    records: &[Cells],
    header: &[String],
    columns: &[Option<Column>],
) -> Result<(), TableError> {
    let is_number = |column: &Option<Column>| {
        column.is_some_and(|c| !matches!(c, Column::File | Column::Frame | Column::Taken { .. }))
    };
    let numbers = records.iter().flat_map(|record| {
        let cells = record.cells.iter().enumerate().zip(columns);
        cells
            .filter(|(_, column)| is_number(column))
            .filter_map(|((index, cell), _)| Some((record.line, index, cell, decimal_mark(cell)?)))
    });
    let certain = |mark: char| {
        let mut certain = numbers.clone().filter(|n| !looks_grouped(n.2));
        certain.any(|n| n.3 == mark)
    };
    let (point, comma) = (certain('.'), certain(','));
    let doubtful = |n: &(usize, usize, &String, char)| {
        looks_grouped(n.2) && (n.3 == ',' && point || n.3 == '.' && comma)
    };
    match numbers.clone().find(doubtful) {
        None => Ok(()),
        Some((row, index, cell, _)) => Err(TableError::Thousands {
            row,
            column: index.saturating_add(1),
            name: header.get(index).cloned().unwrap_or_default(),
            text: cell.clone(),
        }),
    }
}

fn parse_row(
    record: &Cells,
    header: &[String],
    columns: &[Option<Column>],
) -> Result<TableRow, TableError> {
    let mut parsed = TableRow::default();
    for (index, (cell, column)) in record.cells.iter().zip(columns).enumerate() {
        let Some(column) = column else { continue };
        if is_blank(cell) {
            continue;
        }
        let place = Place {
            row: record.line,
            column: index.saturating_add(1),
            name: header.get(index).map_or("", String::as_str),
        };
        match column {
            Column::File => parsed.file = Some(cell.replace('\\', "/")),
            Column::Frame => {
                let value = place.number(cell)?;
                if value.fract() != 0.0 || !(0.0..=1e9).contains(&value) {
                    return Err(place.out_of_range(value));
                }
                parsed.frame = Some(value as usize);
            }
            Column::TemperatureK => {
                let value = place.number(cell)?;
                parsed.temperature_k = Some(place.within(value, TEMPERATURES_K)?);
            }
            Column::TemperatureC => {
                let value = kelvin_from_celsius(place.number(cell)?);
                parsed.temperature_k = Some(place.within(value, TEMPERATURES_K)?);
            }
            Column::Dwell { seconds } => {
                let value = place.number(cell)? * seconds;
                parsed.dwell_s = Some(place.within(value, DWELLS_S)?);
            }
            Column::Pixel { nanometers } => {
                let value = place.number(cell)? * nanometers;
                parsed.pixel_nm = Some(place.within(value, PIXELS_NM)?);
            }
            Column::TemperatureError => {
                let value = place.number(cell)?;
                parsed.temperature_se_k = Some(place.within(value, TEMPERATURE_ERRORS_K)?);
            }
            Column::Taken { seconds } => {
                parsed.clock = ClockKind::written(cell).unwrap_or_default();
                let moment = || DateTime::parse(cell).filter(|_| cell.contains(':'));
                parsed.taken = Some(match number(cell) {
                    Some(value) => ImageTime::Elapsed(value * seconds),
                    None => ImageTime::At(moment().ok_or_else(|| place.no_time(cell))?),
                });
            }
        }
    }
    Ok(parsed)
}

struct Place<'a> {
    row: usize,
    column: usize,
    name: &'a str,
}

impl Place<'_> {
    fn number(&self, cell: &str) -> Result<f64, TableError> {
        number(cell).ok_or_else(|| TableError::NotANumber {
            row: self.row,
            column: self.column,
            name: self.name.into(),
            text: cell.into(),
        })
    }

    fn no_time(&self, cell: &str) -> TableError {
        TableError::NoTime {
            row: self.row,
            column: self.column,
            name: self.name.into(),
            text: cell.into(),
        }
    }

    fn within(&self, value: f64, range: Range<f64>) -> Result<f64, TableError> {
        match range.contains(&value) {
            true => Ok(value),
            false => Err(self.out_of_range(value)),
        }
    }

    fn out_of_range(&self, value: f64) -> TableError {
        TableError::OutOfRange {
            row: self.row,
            column: self.column,
            name: self.name.into(),
            value,
        }
    }
}

fn columns(header: &[String], notices: &mut Notices) -> Result<Vec<Option<Column>>, TableError> {
    let mut columns: Vec<Option<Column>> = Vec::new();
    for (index, name) in header.iter().enumerate() {
        let column = Column::from_header(name);
        match column {
            Some(new) if columns.iter().flatten().any(|old| old.same_quantity(new)) => {
                return Err(TableError::Repeated {
                    column: index.saturating_add(1),
                    name: name.clone(),
                });
            }
            None if !name.is_empty() => {
                notices.add(NoticeKind::UnknownColumn { name: name.clone() })
            }
            _ => {}
        }
        columns.push(column);
    }
    if columns.iter().all(Option::is_none) {
        return Err(TableError::NoColumns);
    }
    Ok(columns)
}
