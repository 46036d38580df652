# Says how to see whether the deployment is well. Reads no key.
Write-Output @"

Deployed. Is it well?
  `$env:BACKSTAKE_OPS_KEY = '…'   (the key named default: az functionapp keys list --name $env:AZURE_FUNCTION_NAME --resource-group $env:AZURE_RESOURCE_GROUP)
  backstake ops ready --app $env:SERVICE_API_URI
  backstake ops status --app $env:SERVICE_API_URI
What each alert means and what to do then: docs/runbook.md
"@
