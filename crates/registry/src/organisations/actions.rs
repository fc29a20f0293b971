//! Keeping the register of organisations.

use chrono::NaiveDate;
use db::Sql;
use kit::{Done, Refusal, Result, WriteCx};

use super::{NOUN, Organisation, OrganisationId, OrganisationKind, may_keep, store};

/// What a person enters about an organisation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Code, unique.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Kind of body.
    pub kind: OrganisationKind,
    /// The body it belongs to.
    pub parent: Option<OrganisationId>,
    /// Its district.
    pub district: Option<OrganisationId>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
    /// Remark.
    pub note: String,
}

impl Entry {
    fn check(&self) -> Result<()> {
        if self.valid_to.is_some_and(|to| to < self.valid_from) {
            return Err(Refusal::field("valid_to", "撤并日期不能早于设立日期").into());
        }
        Ok(())
    }

    fn apply(self, organisation: &mut Organisation) {
        organisation.code = self.code;
        organisation.name = self.name;
        organisation.kind = self.kind;
        organisation.parent_id = self.parent;
        organisation.district_id = self.district;
        organisation.valid_from = self.valid_from;
        organisation.valid_to = self.valid_to;
        organisation.note = self.note;
    }
}

/// Enters a new organisation.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<OrganisationId> {
    permit(cx, "登记单位")?;
    entry.check()?;
    let mut organisation = Organisation {
        id: OrganisationId(cx.new_id()),
        version: 1,
        code: String::new(),
        name: String::new(),
        kind: entry.kind,
        parent_id: None,
        district_id: None,
        valid_from: entry.valid_from,
        valid_to: None,
        note: String::new(),
    };
    entry.apply(&mut organisation);
    let id = organisation.id;
    cx.index(NOUN, id, format!("{} {}", organisation.code, organisation.name));
    cx.done(Done::new(NOUN, id, "create", "登记单位"));
    cx.insert(organisation).await?;
    Ok(id)
}

/// Changes what is registered.
pub async fn edit(cx: &mut WriteCx, id: OrganisationId, entry: Entry) -> Result<()> {
    permit(cx, "修改单位")?;
    entry.check()?;
    let before = store::find(cx, id).await?;
    if entry.parent == Some(id) {
        return Err(Refusal::field("parent", "上级单位不能是它自己").into());
    }
    let mut after = before.clone();
    entry.apply(&mut after);
    cx.index(NOUN, id, format!("{} {}", after.code, after.name));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改单位").changes(changes));
    Ok(())
}

/// Puts a city leader in charge from a day on; the one before ends the day before.
pub async fn put_in_charge(
    cx: &mut WriteCx,
    id: OrganisationId,
    name: String,
    title: String,
    from: NaiveDate,
) -> Result<()> {
    permit(cx, "登记分管市领导")?;
    store::find(cx, id).await?;
    let mut end = Sql::new("update organisation_leader set version = version + 1, to_on = ");
    end.bind(from.pred_opt())
        .push(" where organisation_id = ")
        .bind(id)
        .push(" and to_on is null and from_on < ")
        .bind(from);
    cx.execute(end).await?;
    let mut insert = Sql::new(
        "insert into organisation_leader (id, version, organisation_id, leader_name, leader_title, from_on) values (",
    );
    insert
        .bind(cx.new_id())
        .push(", 1, ")
        .bind(id)
        .push(", ")
        .bind(name.as_str())
        .push(", ")
        .bind(title.as_str());
    insert.push(", ").bind(from).push(")");
    cx.execute(insert).await?;
    cx.done(Done::new(NOUN, id, "put_in_charge", "登记分管市领导").note(format!("{name} {title}")));
    Ok(())
}

fn permit(cx: &WriteCx, deed: &str) -> Result<()> {
    if may_keep(&cx.actor) { Ok(()) } else { Err(Refusal::forbidden(deed).into()) }
}
