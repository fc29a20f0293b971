//! Where type comes from: the office's own licensed fonts first, then free ones of the machine, then those inside the program.

use std::{
    fs,
    path::{Path, PathBuf},
};

use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::{Fault, Result};

/// What a piece of text is set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// 仿宋: the text.
    Body,
    /// 小标宋: title and mark of the issuing body.
    Title,
    /// 黑体: first level.
    Hei,
    /// 楷体: second level.
    Kai,
    /// 宋体: page numbers.
    Song,
}

impl Face {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Body, Self::Title, Self::Hei, Self::Kai, Self::Song];

    /// The font the standard and the office's habit ask for, and the name docx gives to it.
    pub fn proper(self) -> &'static str {
        match self {
            Self::Body => "仿宋_GB2312",
            Self::Title => "方正小标宋简体",
            Self::Hei => "黑体",
            Self::Kai => "楷体_GB2312",
            Self::Song => "宋体",
        }
    }

    /// What the face is called in the layout.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Title => "title",
            Self::Hei => "hei",
            Self::Kai => "kai",
            Self::Song => "song",
        }
    }

    /// Families that are the proper font, by any of its names.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Body => &["仿宋_gb2312", "fangsong_gb2312", "仿宋", "fangsong", "stfangsong", "华文仿宋"],
            Self::Title => {
                &["方正小标宋简体", "fzxiaobiaosong-b05s", "方正小标宋_gbk", "fzxiaobiaosong-b05", "小标宋"]
            }
            Self::Hei => &["黑体", "simhei", "stheiti", "方正黑体_gbk"],
            Self::Kai => &["楷体_gb2312", "kaiti_gb2312", "楷体", "kaiti", "stkaiti"],
            Self::Song => &["宋体", "simsun", "stsong"],
        }
    }

    /// Families that may stand in, the best first; the last is inside the program.
    fn substitutes(self) -> &'static [&'static str] {
        match self {
            Self::Body => &["fandolfang r", "fandolfang", "noto serif sc"],
            Self::Title => &["noto serif sc"],
            Self::Hei => &["fandolhei", "noto sans sc"],
            Self::Kai => &["fandolkai r", "fandolkai", "lxgw wenkai medium", "lxgw wenkai"],
            Self::Song => &["fandolsong", "noto serif sc"],
        }
    }
}

/// The fonts inside the program, as packed by the web.
const OWN: &[&[u8]] = &[
    include_bytes!(concat!(env!("OUT_DIR"), "/fonts/song.woff2")),
    include_bytes!(concat!(env!("OUT_DIR"), "/fonts/title.woff2")),
    include_bytes!(concat!(env!("OUT_DIR"), "/fonts/hei.woff2")),
    include_bytes!(concat!(env!("OUT_DIR"), "/fonts/kai.woff2")),
];

/// Beginnings of file names, in lower case, under which system folders keep fonts of use here. Others are not opened.
const SYSTEM_FILES: &[&str] = &[
    "simfang",
    "fangsong",
    "stfangso",
    "fzxbs",
    "fzxiaobiao",
    "simhei",
    "simkai",
    "kaiti",
    "stkaiti",
    "fandol",
];

/// A font larger than this is not read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Every font at hand, and which of them each face uses.
pub(crate) struct Fonts {
    pub(crate) all: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
    chains: Vec<(Face, Vec<String>, bool)>,
}

impl Fonts {
    /// Reads the fonts of `folders` wholly, of the system by name, and those inside the program.
    pub(crate) fn find(folders: &[PathBuf]) -> Result<Self> {
        let mut fonts: Vec<Font> =
            folders.iter().flat_map(|folder| read_folder(folder, 2, |_| true)).collect();
        for folder in system_folders() {
            fonts.extend(read_folder(&folder, 6, is_of_use));
        }
        for packed in OWN {
            let plain = wuff::decompress_woff2(packed).map_err(|error| Fault::Font(format!("{error:?}")))?;
            fonts.extend(Font::iter(Bytes::new(plain)));
        }
        let book = FontBook::from_fonts(&fonts);
        let chains = Face::ALL.into_iter().map(|face| chain(face, &fonts)).collect();
        Ok(Self { all: fonts, book: LazyHash::new(book), chains })
    }

    /// The families of `face` in the order they are asked.
    pub(crate) fn families(&self) -> impl Iterator<Item = (Face, &[String])> {
        self.chains.iter().map(|(face, families, _)| (*face, families.as_slice()))
    }

    /// A sentence for every proper font that is not there.
    pub(crate) fn fallbacks(&self) -> Vec<String> {
        let missing = self.chains.iter().filter(|(.., proper)| !proper);
        missing
            .map(|(face, families, _)| {
                let used = families.first().map_or("", String::as_str);
                format!("没有找到字体“{}”，改用“{used}”。", face.proper())
            })
            .collect()
    }

    /// The characters of `text` that no font has.
    pub(crate) fn missing(&self, text: &str) -> Vec<char> {
        let mut missing: Vec<char> = text.chars().filter(|c| !c.is_control() && *c > '\u{7f}').collect();
        missing.sort_unstable();
        missing.dedup();
        missing.retain(|c| !self.all.iter().any(|font| font.info().coverage.contains(*c as u32)));
        missing
    }
}

fn chain(face: Face, fonts: &[Font]) -> (Face, Vec<String>, bool) {
    let find = |name: &&str| {
        let family = |font: &&Font| font.info().family.to_lowercase() == **name;
        fonts.iter().find(family).map(|font| font.info().family.clone())
    };
    let proper: Vec<String> = face.names().iter().filter_map(find).collect();
    let found = !proper.is_empty();
    let mut families = proper;
    families.extend(face.substitutes().iter().filter_map(find));
    // The widest font of all takes what the others lack.
    families.extend(find(&"lxgw wenkai medium"));
    families.dedup();
    (face, families, found)
}

fn is_of_use(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    SYSTEM_FILES.iter().any(|start| name.starts_with(start))
}

fn system_folders() -> Vec<PathBuf> {
    if cfg!(windows) {
        return vec![PathBuf::from("C:\\Windows\\Fonts")];
    }
    ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts"].map(PathBuf::from).into()
}

/// The fonts of a folder and of those below it. What cannot be read is passed over: a broken font must not stop the office.
fn read_folder(folder: &Path, depth: u8, wanted: fn(&Path) -> bool) -> Vec<Font> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut fonts = Vec::new();
    for path in paths {
        let Ok(about) = fs::metadata(&path) else { continue };
        if about.is_dir() && depth > 0 {
            fonts.extend(read_folder(&path, depth - 1, wanted));
        } else if about.is_file() && about.len() <= LARGEST && is_font(&path) && wanted(&path) {
            fonts.extend(fs::read(&path).into_iter().flat_map(|bytes| Font::iter(Bytes::new(bytes))));
        }
    }
    fonts
}

fn is_font(path: &Path) -> bool {
    let end = path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
    matches!(end.as_str(), "ttf" | "otf" | "ttc" | "otc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_a_font_inside_the_program() {
        let fonts = Fonts::find(&[]).unwrap();
        for (face, families) in fonts.families() {
            assert!(
                !families.is_empty(),
                "{face:?} has no font: {:?}",
                fonts.all.iter().map(|f| &f.info().family).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn common_characters_and_rare_names_have_glyphs() {
        let fonts = Fonts::find(&[]).unwrap();
        assert_eq!(fonts.missing("巡察整改，喆犇燊祎珺昇晞㛃䶮㎡〔2023〕“”—"), Vec::<char>::new());
    }

    #[test]
    fn a_character_without_glyph_is_named() {
        assert_eq!(Fonts::find(&[]).unwrap().missing("甲\u{10ffff}乙"), ['\u{10ffff}']);
    }

    /// The kai inside the program under another name: what an office's licensed font looks like to us.
    fn renamed(family: &str) -> Vec<u8> {
        let mut font = wuff::decompress_woff2(OWN[3]).unwrap();
        let number = |font: &[u8], at: usize| usize::from(font[at]) << 8 | usize::from(font[at + 1]);
        let tables = number(&font, 4);
        let entry = (0..tables).map(|at| 12 + 16 * at).find(|at| &font[*at..at + 4] == b"name").unwrap();
        let names = number(&font, entry + 8) << 16 | number(&font, entry + 10);
        let texts = names + number(&font, names + 4);
        let new: Vec<u8> = family.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for record in (0..number(&font, names + 2)).map(|at| names + 6 + 12 * at) {
            let (length, at) = (number(&font, record + 8), texts + number(&font, record + 10));
            // Names 1 and 16 are the family. Windows (3) writes them as UTF-16; for others they become a name
            // without meaning (255), because whoever reads a font takes the first family he finds.
            if ![1, 16].contains(&number(&font, record + 6)) {
                continue;
            }
            if number(&font, record) != 3 || new.len() > length {
                font[record + 6..record + 8].copy_from_slice(&255u16.to_be_bytes());
            } else {
                font[at..at + new.len()].copy_from_slice(&new);
                font[record + 8..record + 10]
                    .copy_from_slice(&u16::try_from(new.len()).unwrap().to_be_bytes());
            }
        }
        font
    }

    #[test]
    fn the_offices_own_fonts_come_first_and_free_ones_stand_in_for_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        for (file, family) in [("仿宋.ttf", "仿宋_GB2312"), ("标宋.ttf", "方正小标宋简体")] {
            fs::write(folder.path().join(file), renamed(family)).unwrap();
        }
        let fonts = Fonts::find(&[folder.path().to_owned()]).unwrap();
        let first = |wanted: Face| {
            let (_, families) = fonts.families().find(|(face, _)| *face == wanted).unwrap();
            families[0].clone()
        };
        assert_eq!(first(Face::Body), "仿宋_GB2312");
        assert_eq!(first(Face::Title), "方正小标宋简体");
        let missing = fonts.fallbacks().concat();
        assert!(!missing.contains("仿宋_GB2312") && !missing.contains("方正小标宋简体"), "{missing}");
        assert!(missing.contains("楷体_GB2312"), "{missing}");
    }

    #[test]
    fn a_broken_font_in_the_folder_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("broken.ttf"), b"no font").unwrap();
        assert!(Fonts::find(&[folder.path().to_owned()]).is_ok());
    }
}
