//! Is an answer what `api/openapi.json` says it is?

use std::sync::LazyLock;

use serde_json::Value;

static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../api/openapi.json")).unwrap());

/// Holds an answer against what the contract says of that path and status.
pub(super) fn check(method: &str, path: &str, status: u16, answer: &Value) {
    let path = path.split('?').next().unwrap();
    let template = CONTRACT["paths"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|template| fits(template, path))
        // A path with fewer holes is the one that is meant.
        .min_by_key(|template| template.matches('{').count());
    let Some(template) = template else {
        return assert_eq!(status, 404, "{path} is not in the contract");
    };
    let responses = &CONTRACT["paths"][template][method.to_lowercase()]["responses"];
    if responses.is_null() {
        return assert_eq!(status, 405, "{method} {path} is not in the contract");
    }
    let mut response = responses.get(status.to_string()).unwrap_or(&responses["default"]);
    if let Some(name) = response["$ref"].as_str() {
        response = &CONTRACT["components"]["responses"][name.rsplit('/').next().unwrap()];
    }
    let schema = &response["content"]["application/json"]["schema"];
    assert!(!schema.is_null(), "{method} {path}: no answer {status} is described");
    if let Err(problem) = holds(schema, answer, "") {
        panic!("{method} {path} {status}: {problem}");
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(wanted, is)| wanted.starts_with('{') || wanted == is)
}

fn holds(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return holds(&CONTRACT["components"]["schemas"][name], value, at);
    }
    if let Some(all) = schema["allOf"].as_array() {
        return all.iter().try_for_each(|one| holds(one, value, at));
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let mut problems = any.iter().map(|one| holds(one, value, at));
        let first = problems.next().unwrap();
        return if first.is_ok() || problems.any(|it| it.is_ok()) { Ok(()) } else { first };
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(()),
    };
    let is = |name: &&&str| match **name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    };
    if !types.iter().any(|name| is(&name)) {
        return Err(format!("{at} is {value}, not {types:?}"));
    }
    if let Some(known) = schema["enum"].as_array()
        && !known.contains(value)
    {
        return Err(format!("{at} is {value}, none of {known:?}"));
    }
    if let (Some(values), items) = (value.as_array(), &schema["items"]) {
        for (number, value) in values.iter().enumerate() {
            holds(items, value, &format!("{at}[{number}]"))?;
        }
    }
    let Some(fields) = value.as_object() else { return Ok(()) };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !fields.contains_key(name) {
            return Err(format!("{at} has no {name}"));
        }
    }
    for (name, value) in fields {
        let at = format!("{at}.{name}");
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => return Err(format!("{at} is not described")),
            (Value::Null, Value::Null | Value::Bool(_)) => {}
            (Value::Null, more) => holds(more, value, &at)?,
            (of, _) => holds(of, value, &at)?,
        }
    }
    Ok(())
}
