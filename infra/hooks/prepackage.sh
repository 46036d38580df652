#!/bin/sh
# Refuses to package the stand-ins of packages that a build feed lacks. Publishing uses the real packages unless StandIns says otherwise.
set -eu
case "$(printf %s "${StandIns:-false}" | tr 'A-Z' 'a-z')" in
  false) ;;
  *) echo "StandIns=$StandIns is set: a package with stand-ins can't run in Azure. Unset it (unset StandIns) and start again." >&2; exit 1 ;;
esac
