#!/bin/sh
# Says what to do next. Never reads or writes a secret. With lockImmutability it locks the retention, which nothing can undo.
set -eu
if [ "${LOCK_IMMUTABILITY:-false}" = true ]; then
  account="--account-name $STORAGE_ACCOUNT_NAME --container-name $IMMUTABLE_CONTAINER --resource-group $AZURE_RESOURCE_GROUP"
  # shellcheck disable=SC2086 # the words of $account are arguments
  state=$(az storage container immutability-policy show $account --query state --output tsv)
  if [ "$state" != Locked ]; then
    echo "lockImmutability is true: the retention of $IMMUTABLE_CONTAINER is locked now, for good."
    # shellcheck disable=SC2086
    etag=$(az storage container immutability-policy show $account --query etag --output tsv)
    # shellcheck disable=SC2086
    az storage container immutability-policy lock $account --if-match "$etag" --output none
  fi
fi
keys="ethereum-committer-key ethereum-staker-key ethereum-settler-key"
[ "${SIGNERS_IN_VAULT:-true}" = true ] && keys=""
cat <<TEXT

What to do next:
1. Put the secrets into the vault. Nothing is typed on a command line, nothing is shown:
     for name in numerai-public-id numerai-secret-key ethereum-rpc-url $keys; do
       printf '%s: ' "\$name"; stty -echo; IFS= read -r value; stty echo; echo
       printf %s "\$value" | az keyvault secret set --vault-name ${KEY_VAULT_NAME:-VAULT} --name "\$name" --file /dev/stdin --output none
     done
     openssl rand -hex 32 | tr -d '\n' | az keyvault secret set --vault-name ${KEY_VAULT_NAME:-VAULT} --name webhook-key --file /dev/stdin --output none
   With checkNode, ethereum-check-rpc-url, too. A Forbidden means that your role hasn't arrived yet: wait a minute.
2. azd deploy. If it ends with 403, the app's roles haven't arrived yet: wait a minute and say it again.
3. See whether it is well: backstake ops ready --app ${SERVICE_API_URI:-https://APP.azurewebsites.net}
4. backstake ops status --app ${SERVICE_API_URI:-https://APP.azurewebsites.net} names the signers' addresses: vaults are created with them, and they need ETH for gas.
TEXT
