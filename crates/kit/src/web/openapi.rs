//! The OpenAPI 3.1 document, made from the services themselves: it cannot say anything else than
//! what the program does.

use serde_json::{Map, Value, json};

use crate::{
    Cx, Deed, Field, Result, Service,
    dictionary::{self, Item},
    form::{EDIT, Kind},
    service::{At, Operation},
    table::{Column, ColumnKind},
    web::{api::OPTIONS, sealed, viewer},
};

/// The whole document.
pub async fn document(cx: &Cx) -> Result<Value> {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for (name, schema) in
        [("Refusal", refusal()), ("Outcome", outcome()), ("Money", money()), ("Area", area())]
    {
        schemas.insert(name.to_owned(), schema);
    }
    for service in &cx.app().registry().services {
        paths_of(cx, service, (&mut paths, &mut schemas)).await?;
    }
    upload_paths(&mut paths);
    for operation in &cx.app().registry().operations {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.to_owned(), outside(operation));
        }
    }
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "巡察监督综合平台",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "session": [] }, { "bearer": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "session": {
                    "type": "apiKey", "in": "cookie", "name": viewer::cookie_name(cx.app()),
                    "description": "登录后的会话 Cookie。写入时还要有 X-CSRF 请求头。",
                },
                "bearer": { "type": "http", "scheme": "bearer", "description": "会话令牌。写入时不需要 X-CSRF。" },
            },
            "parameters": { "Csrf": csrf_parameter() },
            "responses": { "Refusal": { "description": "不予办理及原因", "content": { "application/json": { "schema": refusal() } } } },
            "schemas": schemas,
        },
    }))
}

const ABOUT: &str = "与页面相同的列表、记录和办理。写入要有 Idempotency-Key 请求头；用 Cookie 登录的写入还要有 X-CSRF 请求头。\
提交的金额以元计、面积以平方米计；答复中的金额同时给出分和元，面积同时给出平方厘米和平方米。筛选金额和面积也用元和平方米。";

/// Enters the schemas of the dictionaries that `fields` choose from.
async fn enter_dictionaries(cx: &Cx, fields: &[Field], schemas: &mut Map<String, Value>) -> Result<()> {
    for field in fields.iter().flat_map(with_columns) {
        if let Kind::Dict(kind) | Kind::DictMany(kind) = field.kind {
            let name = dictionary_name(kind);
            if !schemas.contains_key(&name) {
                schemas.insert(name, words(kind, &dictionary::items(cx, kind).await?));
            }
        }
    }
    Ok(())
}

fn dictionary_name(kind: &str) -> String {
    format!("dictionary_{kind}")
}

fn dictionary_reference(kind: &str) -> Value {
    reference(&dictionary_name(kind))
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// A field and, of a small table, its columns.
fn with_columns(field: &Field) -> impl Iterator<Item = &Field> {
    let columns = match &field.kind {
        Kind::Rows(columns) => columns.as_slice(),
        _ => &[],
    };
    std::iter::once(field).chain(columns)
}

/// Where all values of a dictionary are, with the days on which they hold.
fn values_of(kind: &str) -> String {
    format!("取值见 GET /api/v1/dictionaries?f.kind={kind}")
}

/// The values of a dictionary that a form takes today, by code or by name.
fn words(kind: &str, items: &[Item]) -> Value {
    let taken: Vec<&String> = items.iter().flat_map(|item| [&item.code, &item.label]).collect();
    let names: Map<String, Value> = items.iter().map(|item| (item.code.clone(), json!(item.label))).collect();
    json!({
        "type": "string", "enum": taken, "x-names": names,
        "description": format!("代码或名称，x-names 是各代码的名称；{}", values_of(kind)),
    })
}

fn money() -> Value {
    json!({
        "type": "object", "required": ["fen", "yuan"],
        "properties": {
            "fen": { "type": "integer", "description": "分" },
            "yuan": { "type": "string", "description": "元，两位小数" },
        },
    })
}

fn area() -> Value {
    json!({
        "type": "object", "required": ["square_centimetres", "square_metres"],
        "properties": {
            "square_centimetres": { "type": "integer", "description": "平方厘米" },
            "square_metres": { "type": "string", "description": "平方米，四位小数" },
        },
    })
}

/// Whoever is known by a cookie proves that the request was made on purpose.
fn csrf_parameter() -> Value {
    json!({
        "name": "X-CSRF", "in": "header", "required": false, "schema": { "type": "string" },
        "description": "用 Cookie 登录的必须有，取自任一页面的 <meta name=\"csrf-token\">；用 Authorization: Bearer 的不需要。",
    })
}

fn csrf_reference() -> Value {
    json!({ "$ref": "#/components/parameters/Csrf" })
}

fn refusal() -> Value {
    json!({
        "type": "object", "required": ["error"],
        "properties": { "error": {
            "type": "object", "required": ["message"],
            "properties": {
                "message": { "type": "string" },
                "fields": { "type": "object", "additionalProperties": { "type": "string" } },
                "differences": { "type": "array", "items": { "type": "object" } },
                "request": { "type": "string" },
            },
        } },
    })
}

fn outcome() -> Value {
    json!({
        "type": "object", "required": ["noun", "id", "message"],
        "properties": {
            "noun": { "type": "string" }, "id": { "type": "string", "format": "uuid" },
            "message": { "type": "string" }, "record": { "type": ["object", "null"] },
        },
    })
}

async fn paths_of(
    cx: &Cx,
    service: &Service,
    (paths, schemas): (&mut Map<String, Value>, &mut Map<String, Value>),
) -> Result<()> {
    let root = format!("/api/v1/{}", service.noun);
    let mut collection = Map::new();
    collection.insert(String::from("get"), list_operation(service));
    for deed in &service.deeds {
        let fields = (deed.fields)(cx, None).await?;
        enter_dictionaries(cx, &fields, schemas).await?;
        let operation = deed_operation(service, deed, &fields);
        match deed.at {
            At::List if deed.key == "create" => {
                collection.insert(String::from("post"), operation);
            }
            At::List => {
                paths.insert(format!("{root}/new/{}", deed.key), json!({ "post": operation }));
            }
            At::Record => {
                paths.insert(format!("{root}/{{id}}/{}", deed.key), json!({ "post": operation }));
            }
        }
    }
    paths.insert(root.clone(), Value::Object(collection));
    paths.insert(
        format!("{root}/options"),
        json!({ "get": {
            "tags": [service.label], "operationId": format!("{}_options", service.noun), "summary": format!("查找{}", service.label),
            "parameters": [{ "name": "q", "in": "query", "schema": { "type": "string", "maxLength": 100 } }],
            "responses": answers("200", options_answer()),
        } }),
    );
    paths.insert(
        format!("{root}/{{id}}"),
        json!({ "get": {
            "tags": [service.label], "operationId": format!("{}_show", service.noun), "summary": format!("查看{}", service.label),
            "parameters": record_parameters(service),
            "responses": answers("200", json!({ "type": "object" })),
        } }),
    );
    Ok(())
}

/// Records that a field may name.
fn options_answer() -> Value {
    let item = json!({
        "type": "object", "required": ["id", "title"],
        "properties": { "id": { "type": "string", "format": "uuid" }, "title": { "type": "string" } },
    });
    json!({
        "type": "object", "required": ["items"],
        "properties": { "items": { "type": "array", "maxItems": OPTIONS, "items": item } },
    })
}

/// What names a record, and for sealed ones why it is opened.
fn record_parameters(service: &Service) -> Vec<Value> {
    let mut parameters = vec![id_parameter()];
    if sealed::asks(service) {
        parameters.push(json!({
            "name": "X-Reason", "in": "header", "required": false,
            "description": "查看理由（百分号编码），也可用参数 reason；同一会话短时间内已填写过的可以省略。",
            "schema": { "type": "string", "maxLength": 2000 },
        }));
    }
    parameters
}

/// An operation outside the services.
fn outside(operation: &Operation) -> Value {
    let parameters = if operation.method == "get" { Vec::new() } else { vec![csrf_reference()] };
    let mut described = json!({
        "tags": [operation.tag], "operationId": operation.name, "summary": operation.summary,
        "parameters": parameters, "responses": answers("200", (operation.answers)()),
    });
    let taken = (operation.takes)();
    if let (Some(described), false) = (described.as_object_mut(), taken.is_null()) {
        let body = json!({ "required": true, "content": { "application/json": { "schema": taken } } });
        described.insert(String::from("requestBody"), body);
    }
    described
}

/// Uploads that can be continued; an ended one is named by its id in a field for files.
fn upload_paths(paths: &mut Map<String, Value>) {
    let progress = || {
        json!({
            "type": "object", "required": ["id", "offset", "size", "done"],
            "properties": {
                "id": { "type": "string", "format": "uuid" }, "offset": { "type": "integer" },
                "size": { "type": "integer" }, "done": { "type": "boolean" },
            },
        })
    };
    let operation = |name: &str, summary: &str, mut parameters: Vec<Value>, body: Value| {
        if name != "progress" {
            parameters.push(csrf_reference());
        }
        let mut operation = json!({
            "tags": ["文件上传"], "operationId": format!("uploads_{name}"), "summary": summary,
            "parameters": parameters, "responses": answers("200", progress()),
        });
        if let (Some(operation), false) = (operation.as_object_mut(), body.is_null()) {
            operation.insert(String::from("requestBody"), json!({ "required": true, "content": body }));
        }
        operation
    };
    let started = json!({ "application/json": { "schema": {
        "type": "object", "required": ["name", "size"],
        "properties": {
            "name": { "type": "string" }, "size": { "type": "integer", "minimum": 1 },
            "mark": { "type": "string", "maxLength": 64, "description": "同名同大小同标记的上传会接着进行" },
        },
    } } });
    let offset =
        json!({ "name": "Upload-Offset", "in": "header", "required": true, "schema": { "type": "integer" } });
    let bytes = json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } });
    let root = "/api/v1/uploads";
    paths.insert(
        root.to_owned(),
        json!({ "post": operation("begin", "开始或接着上传一个文件", vec![], started) }),
    );
    paths.insert(
        format!("{root}/{{id}}"),
        json!({
            "get": operation("progress", "已收到多少", vec![id_parameter()], Value::Null),
            "patch": operation("append", "从所给位置接着传", vec![id_parameter(), offset], bytes),
        }),
    );
    for (name, summary) in [("finish", "传完，核对并可随表单提交"), ("cancel", "放弃上传")] {
        let path = format!("{root}/{{id}}/{name}");
        paths.insert(path, json!({ "post": operation(name, summary, vec![id_parameter()], Value::Null) }));
    }
}

fn id_parameter() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } })
}

fn answers(code: &str, schema: Value) -> Value {
    let mut answers = Map::new();
    answers.insert(
        code.to_owned(),
        json!({ "description": "完成", "content": { "application/json": { "schema": schema } } }),
    );
    for code in ["400", "401", "403", "404", "409", "413", "422", "503"] {
        answers.insert(code.to_owned(), json!({ "$ref": "#/components/responses/Refusal" }));
    }
    Value::Object(answers)
}

fn list_operation(service: &Service) -> Value {
    let text = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
    let mut parameters = vec![
        text("q"),
        json!({ "name": "size", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 200 } }),
        json!({ "name": "page", "in": "query", "schema": { "type": "integer", "minimum": 1 } }),
        text("after"),
        text("before"),
        json!({ "name": "sort", "in": "query", "schema": { "type": "string", "enum": orders(service) } }),
    ];
    parameters.extend(service.list.columns.iter().flat_map(filter_parameters));
    let columns = service.list.columns.iter().map(|column| (column.key.to_owned(), cell(column)));
    let id = (String::from("id"), json!({ "type": "string", "format": "uuid" }));
    let columns: Map<String, Value> = std::iter::once(id).chain(columns).collect();
    let schema = json!({
        "type": "object", "required": ["items", "total"],
        "properties": {
            "items": { "type": "array", "items": { "type": "object", "properties": columns } },
            "total": { "type": "integer" }, "total_is_lower_bound": { "type": "boolean" },
            "next": { "type": ["string", "null"] }, "previous": { "type": ["string", "null"] },
        },
    });
    json!({
        "tags": [service.label], "operationId": format!("{}_list", service.noun), "summary": format!("{}列表", service.label),
        "parameters": parameters, "responses": answers("200", schema),
    })
}

fn orders(service: &Service) -> Vec<String> {
    service
        .list
        .columns
        .iter()
        .filter(|column| column.sortable)
        .flat_map(|column| [column.key.to_owned(), format!("-{}", column.key)])
        .collect()
}

fn filter_parameters(column: &Column) -> Vec<Value> {
    let one = |suffix: &str, schema: Value| json!({ "name": format!("f.{}{suffix}", column.key), "in": "query", "description": column.label, "schema": schema });
    match column.kind {
        ColumnKind::Choice(choices) => {
            let codes: Vec<&str> = choices.iter().map(|choice| choice.code).collect();
            vec![one("", json!({ "type": "string", "enum": codes }))]
        }
        ColumnKind::Date | ColumnKind::Clock { .. } | ColumnKind::Instant => {
            [".from", ".to"].map(|suffix| one(suffix, json!({ "type": "string", "format": "date" }))).to_vec()
        }
        ColumnKind::Integer | ColumnKind::Money | ColumnKind::Area => {
            let unit = match column.kind {
                ColumnKind::Money => "，以元计",
                ColumnKind::Area => "，以平方米计",
                _ => "",
            };
            let number = json!({ "type": "string", "description": format!("{}{unit}", column.label) });
            [".from", ".to"].map(|suffix| one(suffix, number.clone())).to_vec()
        }
        ColumnKind::Dict(kind) => vec![one("", json!({ "type": "string", "description": values_of(kind) }))],
        ColumnKind::Flag => vec![one("", json!({ "type": "string", "enum": ["1", "0"] }))],
        _ => vec![one("", json!({ "type": "string" }))],
    }
}

/// What a cell of a list answers.
fn cell(column: &Column) -> Value {
    let day = || json!({ "type": ["string", "null"], "format": "date" });
    let mut cell = match column.kind {
        ColumnKind::Text | ColumnKind::Indexed => json!({ "type": ["string", "null"] }),
        ColumnKind::Choice(_) | ColumnKind::Dict(_) => json!({
            "type": ["object", "null"],
            "properties": { "code": { "type": "string" }, "label": { "type": "string" } },
        }),
        ColumnKind::Date => day(),
        ColumnKind::Clock { .. } => json!({
            "type": ["object", "string", "null"], "properties": { "due": day(), "alarm": { "type": "string" } },
            "description": "期限和提醒；不再计时的只有期限这一天",
        }),
        ColumnKind::Instant => json!({ "type": ["string", "null"], "format": "date-time" }),
        ColumnKind::Integer => json!({ "type": ["integer", "null"] }),
        ColumnKind::Money => or_null("Money"),
        ColumnKind::Area => or_null("Area"),
        ColumnKind::Flag => json!({ "type": ["boolean", "null"] }),
        ColumnKind::Reference { .. } => json!({
            "type": ["object", "string", "null"],
            "properties": {
                "id": { "type": ["string", "null"] }, "label": { "type": "string" }, "href": { "type": "string" },
            },
        }),
    };
    if let Value::Object(cell) = &mut cell {
        cell.insert(String::from("title"), json!(column.label));
    }
    cell
}

fn or_null(schema: &str) -> Value {
    json!({ "oneOf": [reference(schema), { "type": "null" }] })
}

fn deed_operation(service: &Service, deed: &Deed, fields: &[Field]) -> Value {
    let (key, at) = (deed.key, deed.at);
    let mut parameters = vec![
        json!({
            "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 100 },
        }),
        csrf_reference(),
    ];
    let mut body = object(fields);
    if at == At::Record {
        parameters.extend(record_parameters(service));
        put_version(&mut body, key == EDIT);
    }
    json!({
        "tags": [service.label], "operationId": format!("{}_{key}", service.noun), "summary": deed.label, "description": deed.next,
        "parameters": parameters,
        "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
        "responses": answers(if at == At::List { "201" } else { "200" }, json!({ "$ref": "#/components/schemas/Outcome" })),
    })
}

/// Which version of the record was seen; an edit must say it.
fn put_version(body: &mut Value, must: bool) {
    if let Some(Value::Object(properties)) = body.get_mut("properties") {
        let about = "所见版本，过期的办理会被拒绝";
        properties.insert(String::from("version"), json!({ "type": "integer", "description": about }));
    }
    if let (true, Some(Value::Array(required))) = (must, body.get_mut("required")) {
        required.push(json!("version"));
    }
}

fn object(fields: &[Field]) -> Value {
    let sent = fields.iter().filter(|field| !matches!(field.kind, Kind::Files));
    let properties: Map<String, Value> =
        sent.clone().map(|field| (field.name.to_owned(), schema(field))).collect();
    let required: Vec<&str> = sent.filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
}

fn schema(field: &Field) -> Value {
    let mut schema = match &field.kind {
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Money => json!({ "type": ["string", "number"], "description": "元，最多两位小数" }),
        Kind::Area => json!({ "type": ["string", "number"], "description": "平方米，最多四位小数" }),
        Kind::Integer { min, max } => {
            json!({ "type": ["integer", "string"], "minimum": min, "maximum": max })
        }
        Kind::Choice(choices) => {
            let codes: Vec<&str> = choices.iter().map(|choice| choice.code).collect();
            json!({ "type": "string", "enum": codes })
        }
        Kind::Options(options) => {
            let codes: Vec<&String> = options.iter().map(|(code, _)| code).collect();
            json!({ "type": "string", "enum": codes })
        }
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Dict(kind) => dictionary_reference(kind),
        Kind::DictMany(kind) => json!({ "type": "array", "items": dictionary_reference(kind) }),
        Kind::PickMany(noun) => {
            json!({ "type": "array", "items": { "type": "string" }, "description": format!("{noun} 的 id、编号或名称") })
        }
        Kind::Pick(noun) => json!({ "type": "string", "description": format!("{noun} 的 id、编号或名称") }),
        Kind::Rows(columns) => json!({ "type": "array", "items": object(columns) }),
        _ => json!({ "type": "string", "maxLength": field.max }),
    };
    if let Value::Object(schema) = &mut schema {
        schema.insert(String::from("title"), json!(field.label));
    }
    schema
}
