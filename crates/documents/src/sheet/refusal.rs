//! Why an uploaded table was not read, in words for the person who uploaded it.

/// A refusal: what is wrong, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No bytes at all, or no filled cell.
    #[error("文件是空的，没有可以导入的内容。请确认选对了文件后重新上传。")]
    Empty,
    /// An ending we do not read.
    #[error(
        "不能导入{}：只支持 .xlsx 和 .csv 表格。请用 Excel 或 WPS 表格打开原文件，另存为“Excel 工作簿（.xlsx）”后重新上传。",
        shown_ending(ending)
    )]
    Kind {
        /// The ending as found, without the dot.
        ending: String,
    },
    /// The ending says one thing and the content another.
    #[error(
        "文件名以 .{ending} 结尾，内容却是{content}，名称与内容不一致。请用 Excel 或 WPS 表格打开原文件，另存为“Excel 工作簿（.xlsx）”后重新上传。"
    )]
    Disguised {
        /// The ending as found, without the dot.
        ending: String,
        /// What the content looks like.
        content: &'static str,
    },
    /// The old container under a new name: an `.xls` renamed, or a workbook with a password.
    #[error(
        "文件设置了打开密码，或者是改了扩展名的旧版 .xls 文件，无法读取。请打开原文件、取消密码，另存为“Excel 工作簿（.xlsx）”后重新上传。"
    )]
    LockedOrOld,
    /// Macros inside.
    #[error(
        "文件里带有宏，为安全起见不导入。请在 Excel 或 WPS 表格中另存为不带宏的“Excel 工作簿（.xlsx）”后重新上传。"
    )]
    Macros,
    /// Broken beyond reading.
    #[error(
        "文件已损坏或不是完整的表格（{detail}）。请用 Excel 或 WPS 表格打开原文件，确认内容完整，重新另存为 .xlsx 后上传。"
    )]
    Damaged {
        /// The part that could not be read.
        detail: String,
    },
    /// More than we read at once.
    #[error(
        "{what}超出上限（最多 {most}），没有导入。请删去多余的行、列或图片，或者把表格拆成几个文件分别上传。"
    )]
    TooLarge {
        /// The quantity.
        what: &'static str,
        /// Its bound with unit.
        most: String,
    },
    /// A structure no spreadsheet program writes.
    #[error(
        "文件结构异常（{reason}），为安全起见没有打开。请在 Excel 或 WPS 表格中新建工作簿，把数据复制过去，另存为 .xlsx 后重新上传。"
    )]
    Suspicious {
        /// What is odd.
        reason: &'static str,
    },
    /// Text in no known encoding.
    #[error(
        "无法识别文本的编码（既不是 UTF-8 也不是 GB18030）。请用 Excel 或 WPS 表格打开原文件，另存为“Excel 工作簿（.xlsx）”后重新上传。"
    )]
    Encoding,
}

impl Unreadable {
    pub(super) fn too_large(what: &'static str, most: impl ToString) -> Self {
        Self::TooLarge { what, most: most.to_string() }
    }

    pub(super) fn suspicious(reason: &'static str) -> Self {
        Self::Suspicious { reason }
    }

    pub(super) fn damaged(detail: impl Into<String>) -> Self {
        Self::Damaged { detail: detail.into() }
    }
}

fn shown_ending(ending: &str) -> String {
    if ending.is_empty() { "没有扩展名的文件".to_owned() } else { format!(" .{ending} 文件") }
}
