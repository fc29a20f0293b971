//! The installation's key files: read, and made when one is first needed.

use std::{fs, io::Write as _, path::Path};

use crate::{Error, Result, seal, unusable};

/// The content of the key file `name` below `folder`, made when it is missing and `may_make`.
///
/// # Errors
/// A sentence for the operator when it cannot be read, is missing, or is damaged.
pub fn load(folder: &Path, name: &str, may_make: bool) -> Result<Vec<u8>> {
    let path = folder.join("keys").join(name);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && may_make => make(&path)?,
        Err(error) => return Err(unusable(&path, "读取密钥文件", &error).into()),
    };
    seal::unhex(text.trim()).ok_or_else(|| Error::Fault(format!("密钥文件 {} 已损坏", path.display())))
}

/// The key that signs checkpoints of the audit chain and proofs of hand-over.
pub fn signing(folder: &Path) -> Result<Vec<u8>> {
    load(folder, "sign.key", true)
}

fn make(path: &Path) -> Result<String> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| unusable(parent, "建立文件夹", &error))?;
    }
    let key = seal::secret()?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(path).and_then(|mut file| {
        file.write_all(key.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| unusable(path, "写入密钥文件", &error))?;
    Ok(key)
}
