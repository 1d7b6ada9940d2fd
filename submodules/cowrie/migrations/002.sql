CREATE TABLE {{table cowrie_ttylogs}} (
  {{record_columns}},
  {{artifact_columns}}
) {{record_engine}};

CREATE TABLE {{table cowrie_downloads}} (
  {{record_columns}},
  {{artifact_columns}}
) {{record_engine}};
