CREATE TABLE {{table honssh_ttylogs}} (
  {{record_columns}},
  {{artifact_columns}}
) {{record_engine}};

CREATE TABLE {{table honssh_downloads}} (
  {{record_columns}},
  {{artifact_columns}}
) {{record_engine}};
