//! Writing an announcement, making it public, writing the next edition.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx, dates};
use planning::inspections::{self, InspectionId};

use super::{
    Announcement, AnnouncementId, Deed, NOUN, State, store,
    text::{self, Facts},
};

/// What is entered about an announcement.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Title; made from the inspection when empty.
    pub title: String,
    /// Text; made from the office's paragraphs when empty.
    pub text: String,
    /// First day on site; that of the inspection when none is given.
    pub from_on: Option<NaiveDate>,
    /// Last day; that of the inspection when none is given.
    pub to_on: Option<NaiveDate>,
    /// Telephone.
    pub phone: String,
    /// Address.
    pub address: String,
    /// Mailbox.
    pub mailbox: String,
    /// Where the letter box hangs.
    pub letter_box: String,
}

impl Entry {
    /// Fills in what was left empty and puts it into `announcement`.
    async fn apply(self, cx: &WriteCx, announcement: &mut Announcement) -> Result<()> {
        let inspection = inspections::find(cx, InspectionId(announcement.inspection_id)).await?;
        let from_on = self.from_on.unwrap_or(inspection.starts_on);
        let to_on = self.to_on.or(inspection.ends_on);
        let to_on = to_on.ok_or_else(|| Refusal::field("to_on", "请填写现场工作的最后一天"))?;
        if to_on < from_on {
            return Err(Refusal::field("to_on", "截止日期不能早于起始日期").into());
        }
        let ways = [
            ("值班电话", &self.phone),
            ("来访和邮寄地址", &self.address),
            ("电子邮箱", &self.mailbox),
            ("举报箱位置", &self.letter_box),
        ];
        if ways.iter().all(|(_, value)| value.is_empty()) {
            return Err(Refusal::field("phone", "请至少填写一种反映渠道").into());
        }
        if self.text.is_empty() {
            let ways = ways.into_iter().filter(|(_, value)| !value.is_empty());
            let facts = Facts {
                team: inspection.team.clone(),
                units: store::units_of(cx, announcement.inspection_id).await?,
                name: inspection.name.clone(),
                from: from_on,
                to: to_on,
                ways: ways.map(|(label, value)| (label, value.clone())).collect(),
            };
            announcement.text = text::compose(cx, &facts).await?;
        } else {
            announcement.text = self.text;
        }
        announcement.title = if self.title.is_empty() {
            format!("{}关于开展{}的公告", inspection.team, inspection.name)
        } else {
            self.title
        };
        announcement.from_on = from_on;
        announcement.to_on = to_on;
        announcement.phone = self.phone;
        announcement.address = self.address;
        announcement.mailbox = self.mailbox;
        announcement.letter_box = self.letter_box;
        Ok(())
    }
}

/// Writes an announcement of `inspection`.
pub async fn create(cx: &mut WriteCx, inspection: InspectionId, entry: Entry) -> Result<AnnouncementId> {
    inspections::find(cx, inspection).await?;
    if !cx.actor.is_office() && !cx.actor.in_team(inspection.0) {
        return Err(Refusal::forbidden("草拟公告").into());
    }
    let id = AnnouncementId(cx.new_id());
    let mut announcement = Announcement {
        id,
        version: 1,
        inspection_id: inspection.0,
        edition: store::last_edition(cx, inspection.0).await? + 1,
        title: String::new(),
        text: String::new(),
        from_on: cx.today(),
        to_on: cx.today(),
        phone: String::new(),
        address: String::new(),
        mailbox: String::new(),
        letter_box: String::new(),
        state: State::Drafted,
        issued_on: None,
        issued_where: String::new(),
        reason: String::new(),
        prepared_by: cx.actor.name.clone(),
        made_on: cx.today(),
    };
    entry.apply(cx, &mut announcement).await?;
    cx.index(NOUN, id, announcement.title.as_str());
    cx.insert(announcement).await?;
    cx.done(Done::new(NOUN, id, "create", "草拟公告"));
    let audience = Audience::Post { role: Role::OfficeLiaison, organisation: None, inspection: None };
    cx.notify(audience, "巡察公告待发布", NOUN, id);
    Ok(id)
}

/// Changes a draft.
pub async fn edit(cx: &mut WriteCx, id: AnnouncementId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let mut after = before.clone();
    entry.apply(cx, &mut after).await?;
    cx.index(NOUN, id, after.title.as_str());
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Announcement>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Makes it public; earlier editions are put aside, and the inspection is announced with the first.
pub async fn issue(cx: &mut WriteCx, id: AnnouncementId, on: NaiveDate, place: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Issue)?;
    dates::happened(cx, "on", "发布日期", on)?;
    let inspection = inspections::find(cx, InspectionId(before.inspection_id)).await?;
    if inspection.announced_on.is_none() {
        inspections::actions::announce(cx, inspection.id, on, place.clone()).await?;
    }
    store::replace_issued(cx, before.inspection_id).await?;
    let after = Announcement { state, issued_on: Some(on), issued_where: place, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Announcement>(NOUN, id, Deed::Issue, before.state, state));
    Ok(())
}

/// Writes the next edition from this one; this one stays public until that is issued.
pub async fn revise(cx: &mut WriteCx, id: AnnouncementId) -> Result<AnnouncementId> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Revise)?;
    let next = AnnouncementId(cx.new_id());
    let draft = Announcement {
        id: next,
        version: 1,
        edition: store::last_edition(cx, before.inspection_id).await? + 1,
        state: State::Drafted,
        issued_on: None,
        issued_where: String::new(),
        prepared_by: cx.actor.name.clone(),
        made_on: cx.today(),
        ..before
    };
    cx.index(NOUN, next, draft.title.as_str());
    cx.insert(draft).await?;
    cx.done(Done::new(NOUN, next, "create", "修订新版"));
    Ok(next)
}

/// Takes it back.
pub async fn withdraw(cx: &mut WriteCx, id: AnnouncementId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Withdraw)?;
    let after = Announcement { state, reason: reason.clone(), ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Announcement>(NOUN, id, Deed::Withdraw, before.state, state).note(reason));
    Ok(())
}
