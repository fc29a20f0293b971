//! The OpenAPI 3.1 document, made from the services themselves: it cannot say anything else than
//! what the program does.

use serde_json::{Map, Value, json};

use crate::{
    Cx, Field, Result, Service,
    form::Kind,
    service::At,
    table::{Column, ColumnKind},
    web::sealed,
};

/// The whole document.
pub async fn document(cx: &Cx) -> Result<Value> {
    let mut paths = Map::new();
    for service in &cx.app().registry().services {
        paths_of(cx, service, &mut paths).await?;
    }
    upload_paths(&mut paths);
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "巡察监督综合平台",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "与页面相同的列表、记录和办理。写入需要 Idempotency-Key；金额以分、面积以平方厘米计。",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "session": [] }, { "bearer": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "xuncha_session" },
                "bearer": { "type": "http", "scheme": "bearer" },
            },
            "responses": { "Refusal": { "description": "不予办理及原因", "content": { "application/json": { "schema": refusal() } } } },
            "schemas": { "Refusal": refusal(), "Outcome": outcome() },
        },
    }))
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

async fn paths_of(cx: &Cx, service: &Service, paths: &mut Map<String, Value>) -> Result<()> {
    let root = format!("/api/v1/{}", service.noun);
    let mut collection = Map::new();
    collection.insert(String::from("get"), list_operation(service));
    for deed in &service.deeds {
        let fields = (deed.fields)(cx, None).await?;
        let operation = deed_operation(service, deed.key, deed.label, deed.next, deed.at, &fields);
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
            "responses": answers("200", json!({ "type": "object", "properties": { "items": { "type": "array" } } })),
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
    let operation = |name: &str, summary: &str, parameters: Vec<Value>, body: Value| {
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
    let columns: Map<String, Value> = service
        .list
        .columns
        .iter()
        .map(|column| (column.key.to_owned(), json!({ "title": column.label })))
        .collect();
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
            [".from", ".to"].map(|suffix| one(suffix, json!({ "type": "string" }))).to_vec()
        }
        ColumnKind::Flag => vec![one("", json!({ "type": "string", "enum": ["1", "0"] }))],
        _ => vec![one("", json!({ "type": "string" }))],
    }
}

fn deed_operation(service: &Service, key: &str, label: &str, next: &str, at: At, fields: &[Field]) -> Value {
    let mut parameters = vec![json!({
        "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 100 },
    })];
    if at == At::Record {
        parameters.extend(record_parameters(service));
    }
    json!({
        "tags": [service.label], "operationId": format!("{}_{key}", service.noun), "summary": label, "description": next,
        "parameters": parameters,
        "requestBody": { "required": true, "content": { "application/json": { "schema": object(fields, at == At::Record) } } },
        "responses": answers(if at == At::List { "201" } else { "200" }, json!({ "$ref": "#/components/schemas/Outcome" })),
    })
}

fn object(fields: &[Field], versioned: bool) -> Value {
    let sent = fields.iter().filter(|field| !matches!(field.kind, Kind::Files));
    let mut properties: Map<String, Value> =
        sent.clone().map(|field| (field.name.to_owned(), schema(field))).collect();
    let required: Vec<&str> = sent.filter(|field| field.required).map(|field| field.name).collect();
    if versioned {
        properties.insert(
            String::from("version"),
            json!({ "type": "integer", "description": "所见版本，过期的修改会被拒绝" }),
        );
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
}

fn schema(field: &Field) -> Value {
    let mut schema = match &field.kind {
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Money | Kind::Area => json!({ "type": ["string", "number"], "description": "元或㎡" }),
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
        Kind::DictMany(kind) => {
            json!({ "type": "array", "items": { "type": "string" }, "description": format!("字典 {kind} 的代码或名称") })
        }
        Kind::PickMany(noun) => {
            json!({ "type": "array", "items": { "type": "string" }, "description": format!("{noun} 的 id、编号或名称") })
        }
        Kind::Pick(noun) => json!({ "type": "string", "description": format!("{noun} 的 id、编号或名称") }),
        Kind::Rows(columns) => json!({ "type": "array", "items": object(columns, false) }),
        _ => json!({ "type": "string", "maxLength": field.max }),
    };
    if let Value::Object(schema) = &mut schema {
        schema.insert(String::from("title"), json!(field.label));
    }
    schema
}
