//! How much an uploaded table may be.

/// Bounds checked before and while a file is expanded.
///
/// The figures of [`Limits::default`] let a ledger of 100,000 rows × 12 columns pass several times over (about 6 MiB
/// packed, 60 MiB expanded, 1.2 million cells) and end every tried bomb after a few mebibytes of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as uploaded.
    pub container_bytes: u64,
    /// Entries of the container; a workbook has 10 to 50, one with many pictures some hundreds.
    pub entries: usize,
    /// Bytes of all entries after expansion, counted while expanding.
    pub expanded_bytes: u64,
    /// Expanded to packed bytes of one entry, judged once `ratio_grace` bytes are out. Real ledgers reach 10 to 40.
    pub ratio: u64,
    /// Expanded bytes of one entry below which its ratio does not matter.
    pub ratio_grace: u64,
    /// Expanded bytes of a part that is neither a sheet nor the shared strings (styles, relations).
    pub small_part_bytes: u64,
    /// Elements of such a part, and elements of a sheet that are neither rows nor cells.
    pub small_part_elements: u64,
    /// XML elements of all parts; a filled cell has two or three.
    pub elements: u64,
    /// Expanded bytes of the shared strings.
    pub shared_strings_bytes: u64,
    /// Number of shared strings.
    pub shared_strings: u64,
    /// Sheets of a workbook.
    pub sheets: u64,
    /// Cells of all sheets, formatted empty ones included.
    pub cells: u64,
    /// Empty positions that must be kept to leave the filled cells of a row in place.
    pub gaps: u64,
    /// Merged areas of all sheets.
    pub merged: u64,
    /// Rows × columns of the used area a sheet declares. The format's whole sheet is 17 thousand million.
    pub declared_positions: u64,
    /// Bytes of text of all cells, a repeated text counted each time.
    pub text_bytes: u64,
    /// Bytes of text of one cell as stored; the format allows 32,767 characters.
    pub cell_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Self {
            container_bytes: 50 * MIB,
            entries: 2_000,
            expanded_bytes: 256 * MIB,
            ratio: 100,
            ratio_grace: 4 * MIB,
            small_part_bytes: 16 * MIB,
            small_part_elements: 300_000,
            elements: 12_000_000,
            shared_strings_bytes: 64 * MIB,
            shared_strings: 1_500_000,
            sheets: 128,
            cells: 3_000_000,
            gaps: 1_500_000,
            merged: 50_000,
            declared_positions: 64 << 20,
            text_bytes: 128 * MIB,
            cell_bytes: MIB,
        }
    }
}
