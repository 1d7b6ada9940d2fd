CREATE TABLE {{table adbhoney_downloads}} (
  {{record_columns}},
  {{artifact_columns}}
) {{record_engine}};
