//! The schemas of bodies, made from the types themselves and kept under
//! `components`. A type that is read and written alike has one schema; where
//! both differ (what may be left out is always written), the one for reading
//! has a name of its own.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value as Json, json};

const PLACE: &str = "/components/schemas";
/// Where schemas for reading are until all are known.
const GIVEN_PLACE: &str = "/components/given";
/// After the name of a schema for reading that differs from the one for writing.
const GIVEN: &str = "Given";

/// All schemas that were asked for.
pub struct Schemas {
    given: SchemaGenerator,
    told: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Schemas {
        let settings = |place: &'static str| {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = place.into();
                settings.meta_schema = None;
            })
        };
        Schemas {
            given: settings(GIVEN_PLACE).for_deserialize().into_generator(),
            told: settings(PLACE).for_serialize().into_generator(),
        }
    }
}

impl Schemas {
    /// A body that callers send.
    pub fn given<T: JsonSchema>(&mut self) -> Json {
        self.given.subschema_for::<T>().into()
    }

    /// A body that the service answers.
    pub fn told<T: JsonSchema>(&mut self) -> Json {
        self.told.subschema_for::<T>().into()
    }

    /// The parameters in the query that this type reads.
    pub fn query<T: JsonSchema>(&mut self) -> Vec<Json> {
        let root: Schema = T::json_schema(&mut self.given);
        let required: Vec<&str> =
            root.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
        let properties = root.get("properties").and_then(Json::as_object).into_iter().flatten();
        properties.map(|(name, schema)| parameter(name, schema, required.contains(&name.as_str()))).collect()
    }

    /// Puts every schema under `components.schemas` of a document and leads its references there.
    pub fn write_to(mut self, document: &mut Json) {
        let mut all = self.told.take_definitions(true);
        let mut renamed = Vec::new();
        let given = self.given.take_definitions(true);
        for (name, schema) in &given {
            let mut same = schema.clone();
            redirect(&mut same, &[]);
            if all.get(name).is_some_and(|told| *told != same) {
                renamed.push(name.clone());
            }
        }
        for (name, mut schema) in given {
            redirect(&mut schema, &renamed);
            all.insert(target(&name, &renamed), schema);
        }
        redirect(document, &renamed);
        if let Some(components) = document.get_mut("components").and_then(Json::as_object_mut) {
            components.insert("schemas".to_owned(), all.into());
        }
    }
}

fn target(name: &str, renamed: &[String]) -> String {
    if renamed.iter().any(|other| other == name) { format!("{name}{GIVEN}") } else { name.to_owned() }
}

/// Leads references to schemas for reading to where they are in the end.
fn redirect(value: &mut Json, renamed: &[String]) {
    match value {
        Json::Object(object) => {
            if let Some(Json::String(reference)) = object.get_mut("$ref")
                && let Some(name) =
                    reference.strip_prefix('#').and_then(|path| path.strip_prefix(GIVEN_PLACE)?.strip_prefix('/'))
            {
                *reference = format!("#{PLACE}/{}", target(name, renamed));
            }
            object.values_mut().for_each(|inner| redirect(inner, renamed));
        }
        Json::Array(items) => items.iter_mut().for_each(|inner| redirect(inner, renamed)),
        _ => {}
    }
}

/// One parameter in the query out of a property. Nothing is written as `null` there: it is left out.
fn parameter(name: &str, schema: &Json, is_required: bool) -> Json {
    let mut schema = schema.as_object().cloned().unwrap_or_default();
    let description = schema.remove("description").unwrap_or_default();
    schema.remove("default");
    if let Some(Json::Array(types)) = schema.get("type").cloned()
        && let Some(one) = types.into_iter().find(|one| one != "null")
    {
        schema.insert("type".to_owned(), one);
    }
    if let Some(Json::Array(choices)) = schema.remove("anyOf")
        && let Some(Json::Object(one)) =
            choices.into_iter().find(|one| one.get("type").is_none_or(|kind| kind != "null"))
    {
        schema.extend(one);
    }
    bound(&mut schema);
    json!({"name": name, "in": "query", "required": is_required, "description": description, "schema": schema})
}

/// A number's size is a bound that generators of clients and of tests read; its format is not.
fn bound(schema: &mut Map<String, Json>) {
    let most = match schema.get("format").and_then(Json::as_str) {
        Some("uint32") => Json::from(u32::MAX),
        Some("int64") => Json::from(i64::MAX),
        _ => return,
    };
    schema.entry("maximum").or_insert(most);
}
