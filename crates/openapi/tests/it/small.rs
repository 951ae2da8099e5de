//! Each word of a schema, by a document that has each of them once.

use muster_openapi::{Judge, Violation};
use serde_json::{Value, json};

const DOCUMENT: &str = r##"{
  "paths": {
    "/clubs/{club_id}": {
      "parameters": [
        {"name": "club_id", "in": "path", "schema": {"type": "string", "format": "snowflake"}}
      ],
      "get": {"responses": {"200": {"content": {"application/json": {"schema": {
        "$ref": "#/components/schemas/Club"}}}}, "4XX": {"$ref": "#/components/responses/No"}},
        "parameters": [{"name": "with_size", "in": "query", "schema": {"type": "boolean"}}]},
      "put": {"requestBody": {"required": true, "content": {"application/json": {"schema": {
        "$ref": "#/components/schemas/Club"}}}}, "responses": {"204": {"description": "done"}}}
    },
    "/clubs/@mine": {"get": {"responses": {"204": {"description": "none"}}}}
  },
  "components": {
    "responses": {"No": {"content": {"application/json": {"schema": {"type": "object",
      "properties": {"message": {"type": "string"}}, "required": ["message"]}}}}},
    "schemas": {
      "Club": {"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 4},
        "size": {"type": ["integer", "null"], "minimum": 1, "maximum": 9},
        "level": {"oneOf": [{"const": 1, "title": "LOW"}, {"const": 2, "title": "HIGH"}]},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2,
          "uniqueItems": true},
        "since": {"type": "string", "format": "date-time"},
        "page": {"type": "string", "format": "uri"},
        "colour": {"type": "string", "pattern": "^#(([0-9a-fA-F]{2}){3}|([0-9a-fA-F]){3})$"},
        "words": {"type": "object", "additionalProperties": {"type": "string"},
          "maxProperties": 1},
        "parts": {"type": "array", "items": {"anyOf": [
          {"$ref": "#/components/schemas/Box"}, {"$ref": "#/components/schemas/Text"}]}}
      }},
      "Box": {"type": "object", "required": ["type", "parts"], "properties": {
        "type": {"type": "integer", "enum": [1]},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Text"}}}},
      "Text": {"type": "object", "allOf": [{"type": "object", "properties": {"type": {"enum": [2]}}},
        {"type": "object", "properties": {"content": {"type": "string", "maxLength": 3}}}]}
    }
  }
}"##;

fn judge() -> Judge {
    Judge::read(DOCUMENT).unwrap()
}

fn lines(violations: &[Violation]) -> String {
    violations.iter().map(Violation::to_string).collect::<Vec<_>>().join("\n")
}

/// What is wrong with this club.
fn club(body: &Value) -> String {
    lines(&judge().request("PUT", "/clubs/7", Some(body)))
}

#[test]
fn what_is_right_passes() {
    let whole = json!({
        "name": "Äpfe", "size": null, "level": 2, "tags": ["a", "b"], "colour": "#a0B1c2",
        "since": "2026-11-24T00:00:00.000000+00:00", "page": "https://example.org/",
        "words": {"de": "Klub"},
        "parts": [{"type": 1, "parts": [{"type": 2, "content": "one"}]}, {"type": 2}],
    });
    assert_eq!(club(&whole), "");
    assert_eq!(lines(&judge().answer("PUT", "/clubs/7", 204, None)), "");
    assert_eq!(lines(&judge().request("GET", "/clubs/7?with_size=true", None)), "");
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let wrong = [
        (json!([]), "request: [] is not [Object]"),
        (json!({}), "request.name: is missing"),
        (json!({"name": "a"}), "request.name: 1 characters are less than 2"),
        (json!({"name": "abcde"}), "request.name: 5 characters are more than 4"),
        (json!({"name": "ab", "nam": 1}), "request.nam: no such property is known"),
        (json!({"name": "ab", "size": 0}), "request.size: 0 is less than 1"),
        (json!({"name": "ab", "size": 10}), "request.size: 10 is more than 9"),
        (json!({"name": "ab", "size": 1.5}), "request.size: 1.5 is not [Integer, Null]"),
        (json!({"name": "ab", "level": 3}), "request.level: 3 is none of 1, 2"),
        (json!({"name": "ab", "tags": []}), "request.tags: 0 items are less than 1"),
        (json!({"name": "ab", "tags": ["a", "a"]}), "request.tags.1: stands there twice"),
        (json!({"name": "ab", "since": "noon"}), "request.since: \"noon\" is no Some(DateTime)"),
        (json!({"name": "ab", "page": "here"}), "request.page: \"here\" is no Some(Uri)"),
        (json!({"name": "ab", "words": {"de": 1}}), "request.words.de: 1 is not [String]"),
        (
            json!({"name": "ab", "words": {"a": "", "b": ""}}),
            "request.words: 2 properties are more than 1",
        ),
        (
            json!({"name": "ab", "colour": "red"}),
            "request.colour: \"red\" does not fit Some(Colour)",
        ),
    ];
    for (body, what) in wrong {
        assert_eq!(club(&body), what, "{body}");
    }
}

#[test]
fn the_branch_that_was_meant_tells_what_is_wrong() {
    let deep = json!({"name": "ab", "parts": [{"type": 1, "parts": [{"content": "long"}]}]});
    assert_eq!(club(&deep), "request.parts.0.parts.0.content: 4 characters are more than 3");
    let other = json!({"name": "ab", "parts": [{"type": 2, "style": 1}]});
    assert_eq!(club(&other), "request.parts.0.style: no such property is known");
    let none = json!({"name": "ab", "parts": [7]});
    assert_eq!(club(&none), "request.parts.0: 7 is none of Box, Text");
}

#[test]
fn routes_parameters_and_statuses_are_judged_too() {
    let judge = judge();
    let asked = |method, target| lines(&judge.request(method, target, None));
    assert_eq!(asked("GET", "/club/7"), "route: the document has no GET /club/7");
    assert_eq!(asked("PATCH", "/clubs/7"), "route: the document has no PATCH /clubs/7");
    assert_eq!(asked("GET", "/clubs/x"), "path.club_id: \"x\" is no Some(Snowflake)");
    assert_eq!(asked("GET", "/clubs/7?size=1"), "query.size: no such parameter is known");
    assert_eq!(asked("GET", "/clubs/7?with_size=2"), "query.with_size: 2 is not [Boolean]");
    assert_eq!(asked("PUT", "/clubs/7"), "request: has to carry JSON");
    let body = json!({});
    let carried = judge.request("GET", "/clubs/7", Some(&body));
    assert_eq!(lines(&carried), "request: carries what nobody reads");

    let answered = |status, body| lines(&judge.answer("GET", "/clubs/7", status, body));
    assert_eq!(answered(201, None), "answer: the route never answers 201");
    assert_eq!(answered(200, None), "answer: has to carry JSON");
    assert_eq!(answered(404, Some(&body)), "answer.message: is missing");
    assert_eq!(answered(502, None), "");
    let mine = judge.answer("GET", "/clubs/@mine", 204, Some(&body));
    assert_eq!(lines(&mine), "answer: carries something, where there is nothing to say");
}

#[test]
fn a_word_that_is_not_understood_is_not_passed_over() {
    let new_word = DOCUMENT.replace("uniqueItems", "uniqueEntries");
    assert!(Judge::read(&new_word).err().unwrap().to_string().contains("uniqueEntries"));
}
