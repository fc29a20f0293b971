//! Bodies of requests: bounded, read strictly, files stored aside as they arrive.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, header},
};
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;

use crate::{Error, Form, Refusal, Result, error::Reason, files, files::Formats, web::Viewer};

/// Largest ordinary form.
pub const MAX_FORM: usize = 2 * 1024 * 1024;
/// Largest JSON body.
pub const MAX_JSON: usize = 2 * 1024 * 1024;
/// Files in one form.
const MAX_FILES: usize = 50;

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Reads a form of either kind.
pub async fn read_form(viewer: &Viewer, request: Request) -> Result<Form> {
    form_of(viewer, request, Formats::Accepted).await
}

/// Reads a form whose files are of a format of the program's own, such as a signed package; whoever takes them has to
/// check every byte, and hangs them on no record.
pub async fn read_own_form(viewer: &Viewer, request: Request) -> Result<Form> {
    form_of(viewer, request, Formats::Own).await
}

async fn form_of(viewer: &Viewer, request: Request, formats: Formats) -> Result<Form> {
    let kind = content_type(request.headers()).to_owned();
    if kind.starts_with("application/x-www-form-urlencoded") {
        return Form::from_urlencoded(&bytes(request.into_body(), MAX_FORM).await?);
    }
    if kind.starts_with("multipart/form-data") {
        return multipart(viewer, &kind, request.into_body(), formats).await;
    }
    Err(Refusal::bad_request("提交的内容格式不受支持，没有处理。").into())
}

/// Reads a JSON object.
pub async fn read_json(request: Request) -> Result<Form> {
    if !content_type(request.headers()).starts_with("application/json") {
        return Err(Refusal::bad_request("请以 application/json 提交。").into());
    }
    let body = bytes(request.into_body(), MAX_JSON).await?;
    let value = serde_json::from_slice(&body).map_err(|error| {
        Refusal::bad_request(format!("JSON 在第 {} 行第 {} 列附近有误。", error.line(), error.column()))
    })?;
    Form::from_json(&value)
}

/// A whole body of at most `limit` bytes.
pub async fn bytes(body: Body, limit: usize) -> Result<Vec<u8>> {
    let mut collected = Vec::new();
    let mut body = body;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| broken())?;
        if let Ok(piece) = frame.into_data() {
            if collected.len() + piece.len() > limit {
                return Err(Refusal::new(
                    Reason::TooLarge,
                    "提交的内容超过 2 MB，没有处理；较长的材料请作为附件上传。",
                )
                .into());
            }
            collected.extend_from_slice(&piece);
        }
    }
    Ok(collected)
}

fn broken() -> Error {
    Refusal::bad_request("上传在中途断开，没有保存任何内容。请检查网络后重新提交。").into()
}

async fn multipart(viewer: &Viewer, kind: &str, body: Body, formats: Formats) -> Result<Form> {
    let boundary = multer::parse_boundary(kind).map_err(|_| broken())?;
    let stream = body.into_data_stream().map(|piece| piece.map_err(std::io::Error::other));
    let mut form = Form::default();
    let outcome = parts(viewer, multer::Multipart::new(stream, boundary), &mut form, formats).await;
    if outcome.is_err() {
        files::discard(&viewer.app, &form.files).await;
    }
    outcome.map(|()| form)
}

async fn parts(
    viewer: &Viewer,
    mut parts: multer::Multipart<'_>,
    form: &mut Form,
    formats: Formats,
) -> Result<()> {
    let mut text = 0usize;
    while let Some(mut field) = parts.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file) if file.is_empty() => {}
            Some(file) => {
                if form.files.len() >= MAX_FILES {
                    return Err(Refusal::new(Reason::TooLarge, "一次最多上传 50 个文件，没有保存。").into());
                }
                let receiving = files::Receiving::begin(&viewer.app, &name, &file, formats).await?;
                let upload = receive(receiving, &mut field).await?;
                form.files.push(upload);
            }
            None => {
                let mut value = Vec::new();
                while let Some(piece) = field.chunk().await.map_err(|_| broken())? {
                    text += piece.len();
                    if text > MAX_FORM {
                        return Err(Refusal::new(Reason::TooLarge, "提交的文字超过 2 MB，没有处理。").into());
                    }
                    value.extend_from_slice(&piece);
                }
                let value = String::from_utf8(value)
                    .map_err(|_| Refusal::bad_request("表单内容不是有效的 UTF-8 文字，没有处理。"))?;
                form.put(&name, value);
            }
        }
    }
    Ok(())
}

async fn receive(mut receiving: files::Receiving, field: &mut multer::Field<'_>) -> Result<files::Upload> {
    let taken = async {
        while let Some(piece) = field.chunk().await.map_err(|_| broken())? {
            receiving.take(&piece).await?;
        }
        Ok::<(), Error>(())
    }
    .await;
    match taken {
        Ok(()) => receiving.finish().await,
        Err(error) => {
            receiving.abandon().await;
            Err(error)
        }
    }
}
