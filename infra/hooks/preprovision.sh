#!/bin/sh
# Says what a first deployment usually lacks, before it fails after ten minutes. Changes nothing.
set -eu
command -v az >/dev/null 2>&1 || { echo "The Azure CLI (az) isn't here, so nothing was checked beforehand."; exit 0; }
for provider in Microsoft.Web Microsoft.App Microsoft.Storage Microsoft.KeyVault Microsoft.OperationalInsights Microsoft.Insights Microsoft.ManagedIdentity Microsoft.Network; do
  state=$(az provider show --namespace "$provider" --query registrationState --output tsv 2>/dev/null || echo unknown)
  [ "$state" = Registered ] || echo "$provider is $state in this subscription: az provider register --namespace $provider"
done
case "${ETHEREUM_FACTORY:-}" in
  0x????????????????????????????????????????) ;;
  *) echo "The vault factory isn't set: azd env set ETHEREUM_FACTORY 0x… and azd env set ETHEREUM_FACTORY_BLOCK the block of its creation" ;;
esac
