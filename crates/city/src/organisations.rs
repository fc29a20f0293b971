//! The bodies of the city: the committee and its organs, the units on the full-coverage list, the districts
//! with their inspection offices, and the streets and villages that were inspected directly.

use chrono::NaiveDate;

use crate::City;
use crate::calendar::day;
use crate::keys::{OrganisationKey, PersonKey};
use crate::problems::Field;
use crate::targets;

/// What sort of body an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrganisationKind {
    /// 市委.
    Committee,
    /// 市委工作机关及纪检监察机关 that take part in inspections and are not on the coverage list themselves.
    PartyOrgan,
    /// 市直部门.
    Department,
    /// 市属国企.
    Enterprise,
    /// 事业单位 other than schools and hospitals.
    Institution,
    /// 事业单位(高校).
    University,
    /// 事业单位(医院).
    Hospital,
    /// 开发区/管委会.
    DevelopmentZone,
    /// 区.
    District,
    /// 区委巡察办.
    DistrictOffice,
    /// 镇街.
    Street,
    /// 村(社区).
    Village,
    /// A unit that exists only in a scaled city.
    Extra,
}

/// One body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its own key.
    pub key: OrganisationKey,
    /// Full name; some have 40 characters.
    pub name: String,
    /// Name used in tables and document numbers.
    pub short_name: String,
    /// Unique code such as `LJ-B-007`.
    pub code: String,
    /// What sort of body it is.
    pub kind: OrganisationKind,
    /// The body it belongs to; `None` for the committee.
    pub parent: Option<OrganisationKey>,
    /// First day on which it exists.
    pub valid_from: NaiveDate,
    /// The key field its duties lie in, if any.
    pub focus: Option<Field>,
}

/// The city leader in charge (分管市领导) of a unit for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaderInCharge {
    /// The unit.
    pub organisation: OrganisationKey,
    /// The city leader.
    pub leader: PersonKey,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while it lasts.
    pub to: Option<NaiveDate>,
}

use OrganisationKind as Kind;

/// Name, short name, field of its duties.
type Entry = (&'static str, &'static str, Option<Field>);

/// Bodies that take part in inspections and are not on the list themselves.
const ORGANS: [Entry; 4] = [
    ("中共澜江市委巡察工作领导小组", "市委巡察工作领导小组", None),
    ("中共澜江市委巡察工作领导小组办公室", "市委巡察办", None),
    ("中共澜江市纪律检查委员会、澜江市监察委员会", "市纪委监委", None),
    ("中共澜江市委组织部", "市委组织部", None),
];

const DISTRICTS: [(&str, &str); targets::DISTRICTS] = [
    ("临港区", "LG"),
    ("北屿区", "BY"),
    ("云岭区", "YL"),
    ("南浦区", "NP"),
    ("青溪区", "QX"),
    ("望海区", "WH"),
];

const DEPARTMENTS: [Entry; 52] = [
    ("澜江市发展和改革委员会", "市发改委", Some(Field::SpecialFunds)),
    ("澜江市教育局", "市教育局", Some(Field::Education)),
    ("澜江市科学技术局", "市科技局", Some(Field::InnovationBase)),
    ("澜江市工业和信息化局", "市工信局", Some(Field::SpecialFunds)),
    ("澜江市民族与宗教事务局", "市民宗局", None),
    ("澜江市民政局", "市民政局", Some(Field::Welfare)),
    ("澜江市司法局", "市司法局", None),
    ("澜江市财政局", "市财政局", Some(Field::SpecialFunds)),
    ("澜江市人力资源和社会保障局", "市人社局", Some(Field::Welfare)),
    ("澜江市自然资源和规划局", "市资源规划局", Some(Field::Bidding)),
    ("澜江市生态环境局", "市生态环境局", Some(Field::SpecialFunds)),
    ("澜江市住房和建设局", "市住房建设局", Some(Field::Bidding)),
    ("澜江市交通运输局", "市交通运输局", Some(Field::Bidding)),
    ("澜江市水利局", "市水利局", Some(Field::Bidding)),
    ("澜江市农业农村局", "市农业农村局", Some(Field::RuralRevival)),
    ("澜江市市政园林局", "市市政园林局", Some(Field::Bidding)),
    ("澜江市商务局", "市商务局", Some(Field::SpecialFunds)),
    ("澜江市文化和旅游局", "市文旅局", Some(Field::SpecialFunds)),
    ("澜江市卫生健康委员会", "市卫健委", Some(Field::Medical)),
    ("澜江市退役军人事务局", "市退役军人局", Some(Field::Welfare)),
    ("澜江市应急管理局", "市应急管理局", None),
    ("澜江市审计局", "市审计局", None),
    ("澜江市人民政府国有资产监督管理委员会", "市国资委", Some(Field::StateAssets)),
    ("澜江市市场监督管理局", "市市场监管局", None),
    ("澜江市体育局", "市体育局", Some(Field::SpecialFunds)),
    ("澜江市统计局", "市统计局", None),
    ("澜江市医疗保障局", "市医保局", Some(Field::Medical)),
    ("澜江市信访局", "市信访局", None),
    ("澜江市城市管理和综合执法局", "市城管执法局", None),
    ("澜江市海洋与渔业发展局", "市海洋渔业局", Some(Field::SpecialFunds)),
    ("澜江市行政审批管理局", "市审批管理局", None),
    ("澜江市地方金融监督管理局", "市金融监管局", None),
    ("澜江市机关事务管理局", "市机关事务局", Some(Field::StateAssets)),
    ("澜江市人民政府外事办公室", "市外办", None),
    ("中共澜江市委宣传部", "市委宣传部", None),
    ("中共澜江市委统一战线工作部", "市委统战部", None),
    ("中共澜江市委政法委员会", "市委政法委", None),
    ("中共澜江市委机构编制委员会办公室", "市委编办", None),
    ("中共澜江市委党校", "市委党校", Some(Field::Education)),
    ("澜江市总工会", "市总工会", Some(Field::Welfare)),
    ("共青团澜江市委员会", "团市委", None),
    ("澜江市妇女联合会", "市妇联", Some(Field::Welfare)),
    ("澜江市科学技术协会", "市科协", Some(Field::InnovationBase)),
    ("澜江市文学艺术界联合会", "市文联", None),
    ("澜江市残疾人联合会", "市残联", Some(Field::Welfare)),
    ("澜江市红十字会", "市红十字会", Some(Field::Welfare)),
    ("澜江市供销合作社联合社", "市供销社", Some(Field::RuralRevival)),
    ("澜江市工商业联合会", "市工商联", None),
    ("澜江市档案馆", "市档案馆", None),
    ("澜江市粮食和物资储备局", "市粮储局", Some(Field::StateAssets)),
    ("澜江市港口管理局", "市港口局", Some(Field::Bidding)),
    (
        "澜江市乡村振兴促进与山海协作对口支援工作联席会议办公室（澜江市对口支援办公室）",
        "市对口支援办",
        Some(Field::RuralRevival),
    ),
];

const ENTERPRISES: [Entry; 22] = [
    ("澜江城建集团有限公司", "澜江城建集团", Some(Field::Bidding)),
    ("澜江轨道交通集团有限公司", "澜江轨道集团", Some(Field::Bidding)),
    ("澜江路桥投资集团有限公司", "澜江路桥集团", Some(Field::Bidding)),
    ("澜江水务集团有限公司", "澜江水务集团", Some(Field::StateAssets)),
    ("澜江港务控股集团有限公司", "澜江港务集团", Some(Field::StateAssets)),
    ("澜江公共交通集团有限公司", "澜江公交集团", Some(Field::StateAssets)),
    ("澜江燃气热力集团有限公司", "澜江燃气集团", Some(Field::StateAssets)),
    ("澜江文化旅游投资集团有限公司", "澜江文旅集团", Some(Field::StateAssets)),
    ("澜江农业产业发展集团有限公司", "澜江农发集团", Some(Field::RuralRevival)),
    ("澜江国有资本投资运营集团有限公司", "澜江国投集团", Some(Field::StateAssets)),
    ("澜江金融控股集团有限公司", "澜江金控集团", Some(Field::StateAssets)),
    ("澜江会展发展集团有限公司", "澜江会展集团", Some(Field::StateAssets)),
    ("澜江安居住房建设集团有限公司", "澜江安居集团", Some(Field::Welfare)),
    ("澜江信息产业集团有限公司", "澜江信息集团", Some(Field::InnovationBase)),
    ("澜江环境能源投资集团有限公司", "澜江环境集团", Some(Field::StateAssets)),
    ("澜江商贸物流集团有限公司", "澜江商贸集团", Some(Field::StateAssets)),
    ("澜江粮油储备有限责任公司", "澜江粮油公司", Some(Field::StateAssets)),
    ("澜江人才发展集团有限公司", "澜江人才集团", Some(Field::InnovationBase)),
    ("澜江教育投资发展有限公司", "澜江教投公司", Some(Field::Education)),
    ("澜江医药健康产业集团有限公司", "澜江医药集团", Some(Field::Medical)),
    (
        "澜江市临港片区土地综合整治与城市更新基础设施投资建设运营管理（集团）有限责任公司",
        "临港更新集团",
        Some(Field::StateAssets),
    ),
    (
        "澜江市跨区域海域岸线综合开发利用与滨海生态修复工程投资建设（集团）股份有限公司",
        "岸线开发集团",
        Some(Field::Bidding),
    ),
];

const INSTITUTIONS: [Entry; 5] = [
    ("澜江市公共资源交易中心", "市公共资源交易中心", Some(Field::Bidding)),
    ("澜江市住房公积金管理中心", "市公积金中心", Some(Field::Welfare)),
    ("澜江广播电视台", "澜江广电台", None),
    ("澜江日报社", "澜江日报社", None),
    ("澜江市城市规划设计研究院", "市规划院", Some(Field::Bidding)),
];

const UNIVERSITIES: [Entry; 8] = [
    ("澜江理工大学", "澜江理工大学", Some(Field::Education)),
    ("澜江医学高等专科学校", "澜江医专", Some(Field::Education)),
    ("澜江职业技术学院", "澜江职院", Some(Field::Education)),
    ("澜江海洋职业学院", "澜江海洋职院", Some(Field::Education)),
    ("澜江城市学院", "澜江城市学院", Some(Field::Education)),
    ("澜江幼儿师范高等专科学校", "澜江幼专", Some(Field::Education)),
    ("澜江开放大学", "澜江开放大学", Some(Field::Education)),
    ("澜江技师学院", "澜江技师学院", Some(Field::Education)),
];

const HOSPITALS: [Entry; 9] = [
    ("澜江市第一医院", "市第一医院", Some(Field::Medical)),
    ("澜江市第二医院", "市第二医院", Some(Field::Medical)),
    ("澜江市第三医院", "市第三医院", Some(Field::Medical)),
    ("澜江市中医医院", "市中医医院", Some(Field::Medical)),
    ("澜江市妇幼保健院", "市妇幼保健院", Some(Field::Medical)),
    ("澜江市儿童医院", "市儿童医院", Some(Field::Medical)),
    ("澜江市口腔医院", "市口腔医院", Some(Field::Medical)),
    ("澜江市康宁医院", "市康宁医院", Some(Field::Medical)),
    ("澜江市疾病预防控制中心", "市疾控中心", Some(Field::Medical)),
];

const ZONES: [Entry; 4] = [
    ("澜江高新技术产业开发区管理委员会", "高新区管委会", Some(Field::InnovationBase)),
    ("澜江临港经济开发区管理委员会", "临港开发区管委会", Some(Field::InnovationBase)),
    ("澜江云岭文化旅游度假区管理委员会", "云岭度假区管委会", Some(Field::RuralRevival)),
    (
        "澜江国际创新合作示范基地暨海峡科技成果转移转化先行区建设发展管理委员会",
        "创新基地管委会",
        Some(Field::InnovationBase),
    ),
];

/// Set up by the reform of 2022 and put on the second coverage list.
const ADDED_IN_2022: [Entry; 2] = [
    ("澜江市数据管理局", "市数据管理局", Some(Field::SpecialFunds)),
    ("澜江市政务服务与营商环境建设促进中心", "市营商环境中心", None),
];

/// District (by place), name.
const STREETS: [(usize, &str); 3] = [(4, "松石街道"), (1, "屿东镇"), (5, "望潮街道")];

/// Street (by place), name.
const VILLAGES: [(usize, &str); 6] =
    [(0, "松石村"), (0, "上墩村"), (1, "屿头村"), (1, "沙坂村"), (2, "听涛社区"), (2, "后澳村")];

/// The bodies of the city as others need to find them.
pub(crate) fn fill(city: &mut City) {
    let founded = day(2012, 1, 1);
    let committee =
        add(city, Kind::Committee, None, "LJ-W-001".to_owned(), ("中共澜江市委员会", "市委", None), founded);
    add_all(city, Kind::PartyOrgan, committee, "J", &ORGANS);
    let districts: Vec<_> = DISTRICTS
        .iter()
        .map(|(name, code)| {
            let entry = (*name, *name, None);
            add(city, Kind::District, Some(committee), format!("LJ-Q-{code}"), entry, founded)
        })
        .collect();
    for ((name, code), district) in DISTRICTS.iter().zip(&districts) {
        let key = add(
            city,
            Kind::DistrictOffice,
            Some(*district),
            format!("LJ-Q-{code}-XC"),
            ("", "", None),
            founded,
        );
        city[key].name = format!("中共{name}委巡察工作领导小组办公室");
        city[key].short_name = format!("{name}委巡察办");
    }
    add_all(city, Kind::Department, committee, "B", &DEPARTMENTS);
    add_all(city, Kind::Enterprise, committee, "G", &ENTERPRISES);
    add_all(city, Kind::Institution, committee, "S", &INSTITUTIONS);
    add_all(city, Kind::University, committee, "X", &UNIVERSITIES);
    add_all(city, Kind::Hospital, committee, "Y", &HOSPITALS);
    add_all(city, Kind::DevelopmentZone, committee, "K", &ZONES);
    for (number, entry) in (1..).zip(ADDED_IN_2022) {
        let kind = if number == 1 { Kind::Department } else { Kind::Institution };
        add(city, kind, Some(committee), format!("LJ-N-{number:03}"), entry, day(2022, 4, 18));
    }
    fill_streets(city, &districts, founded);
}

fn fill_streets(city: &mut City, districts: &[OrganisationKey], founded: NaiveDate) {
    let mut streets = Vec::new();
    for (number, (district, name)) in (1..).zip(STREETS) {
        let parent = districts.get(district).copied();
        let key = add(city, Kind::Street, parent, format!("LJ-Z-{number:03}"), (name, name, None), founded);
        city[key].focus = Some(Field::RuralRevival);
        streets.push(key);
    }
    for (number, (street, name)) in (1..).zip(VILLAGES) {
        let parent = streets.get(street).copied();
        let key = add(city, Kind::Village, parent, format!("LJ-C-{number:03}"), (name, name, None), founded);
        city[key].focus = Some(Field::RuralRevival);
    }
}

fn add_all(city: &mut City, kind: Kind, parent: OrganisationKey, letter: &str, entries: &[Entry]) {
    for (number, entry) in (1..).zip(entries) {
        add(city, kind, Some(parent), format!("LJ-{letter}-{number:03}"), *entry, day(2012, 1, 1));
    }
}

fn add(
    city: &mut City,
    kind: Kind,
    parent: Option<OrganisationKey>,
    code: String,
    (name, short_name, focus): Entry,
    valid_from: NaiveDate,
) -> OrganisationKey {
    let key = OrganisationKey(city.organisations.len());
    city.organisations.push(Organisation {
        key,
        name: name.to_owned(),
        short_name: short_name.to_owned(),
        code,
        kind,
        parent,
        valid_from,
        focus,
    });
    key
}

/// Adds a number of units that exist only in a scaled city.
pub(crate) fn add_extra(city: &mut City, count: usize) -> Vec<OrganisationKey> {
    const FIELDS: [Option<Field>; 5] = [
        None,
        Some(Field::SpecialFunds),
        Some(Field::Welfare),
        Some(Field::StateAssets),
        Some(Field::Education),
    ];
    let committee = city.organisations.first().map(|committee| committee.key);
    (1..=count)
        .zip(FIELDS.into_iter().cycle())
        .map(|(number, focus)| {
            let code = format!("LJ-E-{number:06}");
            let key = add(city, Kind::Extra, committee, code, ("", "", focus), day(2012, 1, 1));
            city[key].name = format!("澜江市第{number}基层服务单位");
            city[key].short_name = format!("第{number}基层单位");
            key
        })
        .collect()
}

impl City {
    /// The organisation with a short name, which must be one of those named in this module.
    pub(crate) fn body(&self, short_name: &str) -> OrganisationKey {
        let found = self.organisations.iter().find(|organisation| organisation.short_name == short_name);
        let Some(organisation) = found else {
            panic!("the plan names a body that does not exist: {short_name}")
        };
        organisation.key
    }

    /// The organisations of a kind.
    pub fn of_kind(&self, kind: OrganisationKind) -> impl Iterator<Item = &Organisation> {
        self.organisations.iter().filter(move |organisation| organisation.kind == kind)
    }

    /// The units that can be on the coverage list: departments, enterprises, institutions and zones.
    pub(crate) fn listable(&self) -> Vec<OrganisationKey> {
        let listed = |kind| {
            matches!(
                kind,
                Kind::Department
                    | Kind::Enterprise
                    | Kind::Institution
                    | Kind::University
                    | Kind::Hospital
                    | Kind::DevelopmentZone
            )
        };
        self.organisations.iter().filter(|unit| listed(unit.kind)).map(|unit| unit.key).collect()
    }
}
