//! Storing a ledger that is too long for a page to wait for it.

use kit::{
    Refusal, Result, WriteCx,
    jobs::{self, Doing, Ended, JobId, Kind, Order},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::imports::{
    keep::{self, Upload},
    run::{self, Plan},
};

/// Not tried again by itself: what was stored by then would only be found there already, but a ledger
/// that failed once should be looked at.
pub(super) const KIND: Kind = Kind::new("import", "导入台账", |doing| Box::pin(run(doing))).once();

#[derive(Serialize, Deserialize)]
struct Payload {
    upload: Uuid,
}

/// Orders the import of a waiting ledger.
pub async fn order(cx: &mut WriteCx, upload: &Upload) -> Result<JobId> {
    let title = format!("导入{}：{}", upload.kind()?.label, upload.file_name);
    let order = Order::new(KIND.code, title).payload(&Payload { upload: upload.id })?;
    jobs::enqueue(cx, order.key(upload.id.to_string())).await
}

async fn run(doing: &Doing) -> Result<Ended> {
    let payload: Payload = doing.payload()?;
    let upload = keep::find(&doing.read(), payload.upload).await?;
    doing.progress.say("正在读取文件");
    let choices = upload.choices(&doing.app)?;
    let bytes = upload.bytes(&doing.app).await?;
    let (app, kind, name) = (doing.app.clone(), upload.kind()?, upload.file_name.clone());
    let read = tokio::task::spawn_blocking(move || Plan::read(&app, kind, &name, &bytes, &choices));
    let plan = read.await.map_err(|error| kit::Error::Fault(format!("reading a ledger: {error}")))??;
    doing.progress.say("正在逐行登记");
    let report = run::commit(&doing.app, &doing.actor, &plan, &doing.progress).await?;
    if !report.committed {
        return Err(Refusal::conflict(format!("{}请回到核对页面改正后重新提交。", report.sentence())).into());
    }
    keep::remove(&doing.app, &doing.actor, upload.id).await?;
    Ok(Ended::saying(report.sentence()).link("/imports"))
}
