#!/bin/sh
# Puts the password of Grafana's administrator into a file that only its owner can read: the one that was given in
# GRAFANA_ADMIN_PASSWORD, else the one that is there, else a new one. Usage: sh password.sh FILE
set -eu
umask 077
file=${1:?usage: sh password.sh FILE}
how_to_read='docker compose exec grafana cat /var/lib/grafana/admin-password'

write() {
  printf '%s' "$1" >"$file.new"
  mv "$file.new" "$file"
}

if [ -n "${GRAFANA_ADMIN_PASSWORD:-}" ]; then
  write "$GRAFANA_ADMIN_PASSWORD"
  echo "The administrator's password is the one in GRAFANA_ADMIN_PASSWORD."
elif [ -s "$file" ]; then
  echo "The administrator's password is the one of the first start. To read it: $how_to_read"
else
  write "$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')"
  echo "A password for the administrator was made. To read it: $how_to_read"
fi
