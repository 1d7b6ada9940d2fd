CREATE TABLE {{table dionaea_bistreams}} (
  {{record_columns}},
  {{artifact_columns}}
) {{record_engine}};

CREATE TABLE {{table dionaea_binaries}} (
  {{record_columns}},
  {{artifact_columns}}
) {{record_engine}};
