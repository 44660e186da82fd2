//! Names of months, lower-case, as they stand in dates.
//!
//! English, French, German, Russian and Spanish, in the form that follows a day; names shared by languages stand once.

/// Name and number, sorted by name.
pub(crate) const MONTHS: &[(&str, u8)] = &[
    ("abril", 4),
    ("agosto", 8),
    ("août", 8),
    ("apr", 4),
    ("april", 4),
    ("aug", 8),
    ("august", 8),
    ("avril", 4),
    ("dec", 12),
    ("december", 12),
    ("dezember", 12),
    ("diciembre", 12),
    ("décembre", 12),
    ("enero", 1),
    ("feb", 2),
    ("febrero", 2),
    ("februar", 2),
    ("february", 2),
    ("février", 2),
    ("jan", 1),
    ("januar", 1),
    ("january", 1),
    ("janvier", 1),
    ("juillet", 7),
    ("juin", 6),
    ("jul", 7),
    ("juli", 7),
    ("julio", 7),
    ("july", 7),
    ("jun", 6),
    ("june", 6),
    ("juni", 6),
    ("junio", 6),
    ("jänner", 1),
    ("mai", 5),
    ("mar", 3),
    ("march", 3),
    ("mars", 3),
    ("marzo", 3),
    ("may", 5),
    ("mayo", 5),
    ("märz", 3),
    ("nov", 11),
    ("november", 11),
    ("novembre", 11),
    ("noviembre", 11),
    ("oct", 10),
    ("october", 10),
    ("octobre", 10),
    ("octubre", 10),
    ("oktober", 10),
    ("sep", 9),
    ("sept", 9),
    ("september", 9),
    ("septembre", 9),
    ("septiembre", 9),
    ("setiembre", 9),
    ("августа", 8),
    ("апреля", 4),
    ("декабря", 12),
    ("июля", 7),
    ("июня", 6),
    ("марта", 3),
    ("мая", 5),
    ("ноября", 11),
    ("октября", 10),
    ("сентября", 9),
    ("февраля", 2),
    ("января", 1),
];

#[cfg(test)]
mod tests {
    use super::MONTHS;

    #[test]
    fn the_table_is_sorted() {
        assert!(MONTHS.is_sorted_by(|(one, _), (next, _)| one < next));
    }
}
