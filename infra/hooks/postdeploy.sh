#!/bin/sh
# Says how to see whether the deployment is well. Reads no key.
set -eu
cat <<TEXT

Deployed. Is it well?
  export BACKSTAKE_OPS_KEY=…   (the key named default: az functionapp keys list --name ${AZURE_FUNCTION_NAME:-APP} --resource-group ${AZURE_RESOURCE_GROUP:-GROUP})
  backstake ops ready --app ${SERVICE_API_URI:-https://APP.azurewebsites.net}
  backstake ops status --app ${SERVICE_API_URI:-https://APP.azurewebsites.net}
What each alert means and what to do then: docs/runbook.md
TEXT
