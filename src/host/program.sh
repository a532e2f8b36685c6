#!/bin/bash
# The program that runs on the instance. The runner sends it with a plan (EC2_DEPLOY_PLAN); it decides nothing that
# the runner could decide. It prints result lines on standard output and keeps everything else in a log file.
# Without a plan it brings the host to what the ledger of EC2_DEPLOY_APP says is live (State Manager runs it so).
#
#   KEY VALUE         a result; VALUE is a plain word or number
#   @KEY BASE64       a result whose value is text
#
# State of an app, under /var/lib/ec2-deploy/APP: each file is written whole and renamed into place.
#   live              the release that serves
#   engine            docker's version, where it logs to and keeps its images, as the last inspection found it
#   journal           there only while a rollout is under way: how far it is
#   proxy/            mounted into the proxy: config.json, slots/00…19 (where traffic goes), probe-token; metrics.json

# What the program and its guard begin with, each in a shell of its own.
start_afresh() {
  set -uo pipefail
  # The app's own variables are exported while docker runs, and the contract keeps this prefix from them.
  # Run Command replaces double braces in what it is sent, so Go templates are put together here.
  EC2_DEPLOY_OPEN='{''{' EC2_DEPLOY_CLOSE='}''}'
  EC2_DEPLOY_SLOTS=20
  EC2_DEPLOY_PROOFS=5
  EC2_DEPLOY_CONVERGE_SECONDS=1800
  # Bytes of a value in Secrets Manager, at most.
  EC2_DEPLOY_LONGEST_SECRET=65536
  EC2_DEPLOY_STATE=/var/lib/ec2-deploy
  EC2_DEPLOY_WORK=/run/ec2-deploy
  export LC_ALL=C HOME=/root AWS_PAGER=''
  declare -gA plan=() live=() journal=() health_seen=() pid_of=() address_of=()
  declare -ga environment=() secrets=() command_words=() migrate_words=() volumes=() secret_values=()
  declare -ga environment_options=() exported_variables=()
  failure_code='' failure_text='' health_error=''
  engine_root='' engine_log_driver='' image_seen='' image_architecture='' proxy_image_ready='' proxy_runs=''
  environment_ready='' environment_digest='' release_provided='' proof_seen='' gap_start=''
}

start_afresh

# --- results -----------------------------------------------------------------------------------------------------

report() { printf '%s %s\n' "$1" "$2" >&3; }

report_text() { printf '@%s %s\n' "$1" "$(printf %s "$2" | base64 -w 0)" >&3; }

note() { TZ=UTC0 printf '%(%FT%TZ)T %s\n' -1 "$*"; }

# Milliseconds since the epoch, in REPLY.
now() { REPLY=$((${EPOCHREALTIME/./} / 1000)); }

# step NAME COMMAND…: runs the command and reports how long it took.
step() {
  local name=$1 start status
  shift
  note "step $name"
  now
  start=$REPLY
  "$@"
  status=$?
  now
  report step "$name $((REPLY - start))"
  return "$status"
}

# refuse CODE TEXT: the first refusal is the cause; what follows from it is not.
refuse() {
  note "refused: $1: $2"
  if [[ -z $failure_code ]]; then
    failure_code=$1
    failure_text=$2
  fi
  return 1
}

# Replaces the values of secrets in a text, in REPLY, since an app may print what it was given.
redact() {
  local value
  REPLY=$1
  for value in "${secret_values[@]}"; do
    REPLY=${REPLY//"$value"/***}
  done
}

report_redacted() {
  redact "$2"
  report_text "$1" "$REPLY"
}

# redacted_end BYTES: the end of standard input, in REPLY. It is cut after the values are hidden, or half of one would stay.
redacted_end() {
  redact "$(tail -c $(($1 + EC2_DEPLOY_LONGEST_SECRET)) | tr -d '\0')"
  ((${#REPLY} <= $1)) || REPLY=${REPLY: -$1}
}

# report_end KEY BYTES: the end of standard input as a result.
report_end() {
  redacted_end "$2"
  report_text "$1" "$REPLY"
}

# --- plan and state ----------------------------------------------------------------------------------------------

# The plan is base64 of NUL-terminated keys and values, in turn: no value can end its field or be read as code.
read_plan() {
  local key value
  while IFS= read -r -d '' key && IFS= read -r -d '' value; do
    case $key in
      env) environment+=("$value") ;;
      secret) secrets+=("$value") ;;
      command) command_words+=("$value") ;;
      migrate) migrate_words+=("$value") ;;
      volume) volumes+=("$value") ;;
      *) plan[$key]=$value ;;
    esac
  done < <(base64 -d <<<"$EC2_DEPLOY_PLAN")
  [[ -n ${plan[app]:-} && -n ${plan[verbs]:-} ]]
}

# place_file PATH CONTENT: a reader sees the old or the new content, never a part.
place_file() {
  printf %s "$2" >"$1.new" && mv -f "$1.new" "$1" && return 0
  rm -f "$1.new"
  return 1
}

write_file() {
  place_file "$1" "$2" && return 0
  refuse state-unwritable "cannot write $1: is the disk full?"
}

# read_file PATH: its text, in REPLY, without the line breaks at its end; empty if it cannot be read. No process is started for it.
read_file() {
  REPLY=''
  [[ ! -r $1 ]] || IFS= read -rd '' REPLY <"$1"
  while [[ $REPLY == *$'\n' ]]; do REPLY=${REPLY%$'\n'}; done
}

# read_record FILE ARRAY: KEY=VALUE lines, whose values are plain words, into an associative array.
read_record() {
  local -n record=$2
  local key value
  record=()
  [[ -f $1 ]] || return 1
  while IFS='=' read -r key value; do
    # shellcheck disable=SC2034,SC2004 # a name reference: the caller reads it
    record[$key]=$value
  done <"$1"
}

write_journal() {
  printf -v REPLY 'phase=%s\nrun=%s\ncandidate=%s\nstrategy=%s\nenvironment=%s\n' \
    "$1" "${plan[run]:-}" "${plan[release]}" "${plan[strategy]}" "${environment_digest:-${journal[environment]:-}}"
  write_file "$state/journal" "$REPLY" && read_record "$state/journal" journal
}

write_live() {
  printf -v REPLY 'release=%s\ndigest=%s\nimage=%s\nsettings=%s\nenvironment=%s\nstrategy=%s\ncontainer=%s\ncontainer-port=%s\nhost-port=%s\nhealth-path=%s\nmetrics-port=%s\n' \
    "${plan[release]}" "${plan[digest]}" "${plan[image]}" "${plan[settings]}" "${journal[environment]}" "${plan[strategy]}" \
    "$candidate" "${plan[container-port]}" "${plan[host-port]}" "${plan[health-path]}" "${plan[metrics-port]:-}"
  write_file "$state/live" "$REPLY"
}

seconds_left() {
  REPLY=$((plan[deadline] - EPOCHSECONDS))
  ((REPLY > 0)) || REPLY=1
}

# --- docker ------------------------------------------------------------------------------------------------------

# The client takes longer to start than the engine to answer, so that what is wanted together is asked together.

# template FIELD…: docker's template for them with spaces between, in REPLY.
template() {
  printf -v REPLY " $EC2_DEPLOY_OPEN%s$EC2_DEPLOY_CLOSE" "$@"
  REPLY=${REPLY:1}
}

# container_fields NAMES FIELD…: a line with these fields of docker inspect for each name; fails if there is no such container.
container_fields() {
  template "${@:2}"
  # shellcheck disable=SC2086 # names of containers are plain words
  docker container inspect --format "$REPLY" $1 2>/dev/null
}

container_runs() { [[ $(container_fields "$1" .State.Running) == true ]]; }

# captured COMMAND…: runs it and keeps its standard error in $work/stderr.
captured() {
  local status
  "$@" 2>"$work/stderr"
  status=$?
  [[ ! -s $work/stderr ]] || cat "$work/stderr" >&2
  return "$status"
}

# in_time COMMAND…: ends it when the plan's deadline passes; in the same process group, so that a cancelled command takes it along.
in_time() {
  seconds_left
  timeout --foreground --kill-after 5 "$REPLY" "$@"
}

# docker_run ARGUMENT…: docker run in a process that has the variables which no env file can hold; never as arguments, which
# every process list shows. A variable of this program gives way to the app's of the same name.
docker_run() (
  seconds_left
  EC2_DEPLOY_SECONDS=$REPLY
  for EC2_DEPLOY_PAIR in "${exported_variables[@]}"; do
    unset -v "${EC2_DEPLOY_PAIR%%=*}"
    export "${EC2_DEPLOY_PAIR?}" || exit 125
  done
  exec timeout --foreground --kill-after 5 "$EC2_DEPLOY_SECONDS" docker run "$@"
)

last_error() {
  redacted_end 1500 < <(cat "$work/stderr" 2>/dev/null)
}

# Role, state and name of each of this app's containers, running or not, newest first as docker has them.
app_containers() {
  template '.Label "ec2-deploy.role"' .State .Names
  docker ps --all --filter "label=ec2-deploy.app=${plan[app]}" --format "$REPLY"
}

remove_containers() { docker rm --force --volumes "$@" >/dev/null 2>&1 || true; }

# Its policy is unless-stopped: what was stopped so stays so after a reboot, and what was started again comes back.
stop_container() { docker stop -t "${plan[drain-timeout]:-10}" "$1" >/dev/null; }

# replacing NAME COMMAND…: runs it; a container that has the name already gives way.
replacing() {
  captured "${@:2}" && return 0
  read_file "$work/stderr"
  [[ $REPLY == *' is already in use by container '* ]] || return 1
  remove_containers "$1"
  captured "${@:2}"
}

# --- inspect -----------------------------------------------------------------------------------------------------

wait_for_boot() {
  command -v cloud-init >/dev/null || return 0
  seconds_left
  if timeout "$REPLY" cloud-init status --wait; then
    report boot complete
  else
    # A failed user data script is told, not fatal: what counts is whether the engine answers.
    report boot error
  fi
}

wait_for_engine() {
  local answer version until=$((EPOCHSECONDS + 60))
  if ! command -v docker >/dev/null; then
    refuse engine-missing 'docker is not installed on the host. Install it in the user data (dnf install -y docker; systemctl enable --now docker).'
    return 1
  fi
  # Older clients print empty fields where no engine answers.
  until answer=$(ask_engine) && [[ -n $answer && $answer != ' '* ]]; do
    if ((EPOCHSECONDS >= until || EPOCHSECONDS >= plan[deadline])); then
      last_error
      refuse engine-down "the docker engine does not answer on the host. Start it (systemctl enable --now docker). It said: $REPLY"
      return 1
    fi
    sleep 0.5
  done
  read -r version _ <<<"$answer"
  report engine "$version"
  # The rollout comes seconds later, in a process of its own; without the file it asks once more.
  place_file "$state/engine" "$answer" || rm -f "$state/engine"
}

ask_engine() {
  template .ServerVersion .LoggingDriver .DockerRootDir
  docker info --format "$REPLY" 2>"$work/stderr"
}

# Where docker keeps its images, and where containers log to unless they are told.
look_at_engine() {
  [[ -n $engine_root ]] && return 0
  read_file "$state/engine"
  read -r _ engine_log_driver engine_root <<<"${REPLY:-$(ask_engine)}"
  engine_root=${engine_root:-/var/lib/docker}
}

free_kilobytes() {
  look_at_engine
  # The first line is the column's name.
  { read -r _ && read -r REPLY; } < <(df --output=avail -k "$engine_root")
}

verb_inspect() {
  step boot wait_for_boot
  step engine wait_for_engine || return 1
  report architecture "$(uname -m)"
  free_kilobytes
  report disk-free-kb "$REPLY"
  step secrets build_environment || return 1
  report_live
}

report_live() {
  [[ -n ${live[release]:-} ]] || return 0
  report live-release "${live[release]}"
  report live-digest "${live[digest]}"
  report live-settings "${live[settings]}"
  if [[ $environment_digest == "${live[environment]}" ]]; then
    report live-environment same
  else
    report live-environment changed
  fi
  if [[ ! -f $state/journal ]] && live_serves; then
    report live-serving yes
  else
    report live-serving no
  fi
}

live_serves() {
  [[ -n ${live[container]:-} ]] && prove_release live 3
}

# --- secrets and environment -------------------------------------------------------------------------------------

# json_member JSON KEY: the value of a member of a JSON object, in REPLY. The host has no jq; strings are decoded, other values
# are returned as they are written. Fails if the text is no object or has no such member.
json_member() {
  local rest=$1 wanted=$2 key
  json_skip
  [[ $rest == '{'* ]] || return 1
  rest=${rest:1}
  while json_skip && [[ $rest == '"'* ]]; do
    json_string || return 1
    key=$REPLY
    json_skip
    [[ $rest == ':'* ]] || return 1
    rest=${rest:1}
    json_skip
    json_value || return 1
    [[ $key == "$wanted" ]] && return 0
    json_skip
    [[ $rest == ','* ]] || return 1
    rest=${rest:1}
  done
  return 1
}

json_skip() { rest=${rest#"${rest%%[!$' \t\r\n']*}"}; }

json_value() {
  if [[ $rest == '"'* ]]; then
    json_string
  elif [[ $rest == ['{[']* ]]; then
    json_nested
  else
    REPLY=${rest%%[$',}] \t\r\n']*}
    rest=${rest:${#REPLY}}
    [[ -n $REPLY ]]
  fi
}

# An object or array is passed over to its end, and returned as it is written.
json_nested() {
  local before=$rest depth=0 plain
  while [[ -n $rest ]]; do
    plain=${rest%%[\"{\}[\]]*}
    rest=${rest:${#plain}}
    case $rest in
      '"'*) json_string || return 1 ;;
      ['{[']*)
        depth=$((depth + 1))
        rest=${rest:1}
        ;;
      ['}]']*)
        depth=$((depth - 1))
        rest=${rest:1}
        ;;
    esac
    if ((depth == 0)); then
      REPLY=${before:0:$((${#before} - ${#rest}))}
      return 0
    fi
  done
  return 1
}

json_string() {
  local text='' plain
  rest=${rest:1}
  while [[ -n $rest ]]; do
    plain=${rest%%[\"\\]*}
    text+=$plain
    rest=${rest:${#plain}}
    if [[ $rest == '"'* ]]; then
      rest=${rest:1}
      REPLY=$text
      return 0
    fi
    json_escape || return 1
    text+=$REPLY
  done
  return 1
}

json_escape() {
  local letter=${rest:1:1}
  rest=${rest:2}
  case $letter in
    n) REPLY=$'\n' ;;
    t) REPLY=$'\t' ;;
    r) REPLY=$'\r' ;;
    b) REPLY=$'\b' ;;
    f) REPLY=$'\f' ;;
    u) json_code_point ;;
    '') return 1 ;;
    *) REPLY=$letter ;;
  esac
}

# \uXXXX, as a pair where it is a surrogate, into UTF-8 bytes.
json_code_point() {
  local -i code low
  # What is no number would end the whole program.
  [[ ${rest:0:4} == [[:xdigit:]][[:xdigit:]][[:xdigit:]][[:xdigit:]] ]] || return 1
  code=16#${rest:0:4}
  rest=${rest:4}
  if ((code >= 0xd800 && code < 0xe000)); then
    [[ ${rest:0:6} == '\u'[dD][c-fC-F][[:xdigit:]][[:xdigit:]] ]] || return 1
    low=16#${rest:2:4}
    code=$((0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)))
    rest=${rest:6}
  fi
  utf8 "$code"
}

utf8() {
  local -i code=$1
  local bytes
  if ((code == 0)); then
    return 1
  elif ((code < 0x80)); then
    printf -v bytes '\\x%02x' "$code"
  elif ((code < 0x800)); then
    printf -v bytes '\\x%02x' $((0xc0 | code >> 6)) $((0x80 | code & 0x3f))
  elif ((code < 0x10000)); then
    printf -v bytes '\\x%02x' $((0xe0 | code >> 12)) $((0x80 | code >> 6 & 0x3f)) $((0x80 | code & 0x3f))
  else
    printf -v bytes '\\x%02x' $((0xf0 | code >> 18)) $((0x80 | code >> 12 & 0x3f)) $((0x80 | code >> 6 & 0x3f)) $((0x80 | code & 0x3f))
  fi
  # shellcheck disable=SC2059 # the bytes are the format: printf turns the escapes into bytes
  printf -v REPLY "$bytes"
}

# read_reference INDEX: the parts of a secret's reference, into the caller's variables of these names.
read_reference() { IFS=$'\x1f' read -r name kind id json_key stage version <<<"${secrets[$1]}"; }

# fetch_secret INDEX: asks for one secret; its value goes to a file on tmpfs that only root can read.
fetch_secret() {
  local name kind id json_key stage version
  read_reference "$1"
  local -a request=(ssm get-parameter --with-decryption --name "$id" --query Parameter.Value)
  if [[ $kind == secret ]]; then
    request=(secretsmanager get-secret-value --secret-id "$id" --query SecretString)
    [[ -z $stage ]] || request+=(--version-stage "$stage")
    [[ -z $version ]] || request+=(--version-id "$version")
  fi
  LC_ALL=C.UTF-8 aws --region "${plan[region]}" --output text "${request[@]}" >"$work/secret.$1" 2>"$work/secret.$1.error" ||
    : >"$work/secret.$1.failed"
}

# Fetches every secret once, whatever the number of its members that are wanted: secret_file[INDEX] is where it is. Four at a
# time, in a shell that has no other children: each fetch is a process of some 60 MB, and the host may be a small one.
fetch_secrets() {
  local index name kind id json_key stage version
  local -A files=()
  for index in "${!secrets[@]}"; do
    read_reference "$index"
    REPLY=$kind$'\x1f'$id$'\x1f'$stage$'\x1f'$version
    : "${files[$REPLY]:=$index}"
    secret_file[index]=$work/secret.${files[$REPLY]}
  done
  (
    for index in "${files[@]}"; do
      (($(jobs -pr | wc -l) < 4)) || wait -n
      fetch_secret "$index" &
    done
    wait
  )
}

# take_secret INDEX: the fetched value, in REPLY, exactly: $( ) would drop line breaks at its end.
take_secret() {
  local name kind id json_key stage version file=${secret_file[$1]}
  read_reference "$1"
  if [[ -f $file.failed ]]; then
    refuse secret-unreadable "secrets: $name: the host cannot read $id: $(tail -c 600 "$file.error" | tr -s '\n' ' ')"
    return 1
  fi
  REPLY=$(cat "$file" && printf x)
  REPLY=${REPLY%$'\n'x}
  if [[ $kind == secret && $REPLY == None ]]; then
    refuse secret-binary "secrets: $name: the secret $id has no text (SecretString): a binary one cannot be a variable."
    return 1
  fi
  [[ -z $json_key ]] || json_member "$REPLY" "$json_key" && return 0
  refuse secret-member "secrets: $name: the secret $id has no member \"$json_key\" (or is no JSON object)."
}

resolve_secrets() {
  local index
  local -a secret_file=()
  fetch_secrets
  for index in "${!secrets[@]}"; do
    take_secret "$index" || return 1
    remember_secret "$REPLY"
    environment+=("${secrets[index]%%$'\x1f'*}=$REPLY")
  done
}

# remember_secret VALUE: its lines are hidden from now on, as they are and as JSON writes them.
remember_secret() {
  local line written
  while IFS= read -r line; do
    line=${line%$'\r'}
    hide "$line"
    written=${line//\\/\\\\}
    written=${written//\"/\\\"}
    written=${written//$'\t'/\\t}
    [[ $written == "$line" ]] || hide "$written"
  done <<<"$1"
}

# hide TEXT: the longest first, or the end of one that begins with another would stay. Texts under four bytes would turn every
# log into stars.
hide() {
  local -i place=${#secret_values[@]}
  ((${#1} >= 4)) || return 0
  while ((place > 0)) && ((${#secret_values[place - 1]} < ${#1})); do place=$((place - 1)); done
  secret_values=("${secret_values[@]:0:place}" "$1" "${secret_values[@]:place}")
}

# Reads the secrets and puts together what docker run takes: a file for what fits a line of docker's env files, and
# exported variables for values that have line breaks.
build_environment() {
  local pair
  [[ -z $environment_ready ]] || return 0
  resolve_secrets || return 1
  (umask 077 && : >"$work/environment")
  environment_options=(--env-file "$work/environment")
  for pair in "${environment[@]}"; do
    add_variable "$pair" || return 1
  done
  digest_environment
  environment_ready=yes
}

add_variable() {
  local name=${1%%=*} value=${1#*=}
  if [[ $value != *[$'\n\r']* ]] && ((${#value} < 60000)); then
    printf '%s\n' "$1" >>"$work/environment"
    return
  fi
  case $name in
    PATH | HOME | UID | EUID | PPID | SHELLOPTS | BASHOPTS | LD_* | DOCKER_* | BASH* | *_PROXY | *_proxy)
      refuse environment-unusable "env: $name has a line break or over 60,000 bytes, which docker cannot take for a variable that it reads itself."
      return
      ;;
  esac
  exported_variables+=("$1")
  environment_options+=(--env "$name")
}

# A salted digest tells whether a value has changed since, without keeping or showing any.
digest_environment() {
  [[ -s $state/salt ]] || (umask 077 && head -c 32 /dev/urandom | base64 -w 0 >"$state/salt")
  read_file "$state/salt"
  environment_digest=$({
    printf %s "$REPLY"
    ((${#environment[@]} == 0)) || printf '%s\0' "${environment[@]}"
  } | sha256sum)
  environment_digest=${environment_digest%% *}
}

# --- convergence -------------------------------------------------------------------------------------------------

# Nobody waits for this: what a host that was replaced, or changed by hand, does by itself.
verb_converge() {
  step engine wait_for_engine_of_boot || return 1
  if [[ ! -f $state/journal && ${live[release]:-} == "${plan[release]}" ]] && container_fields "${live[container]}" .Id >/dev/null; then
    keep_live
    return
  fi
  verb_prepare && verb_switch && verb_settle && report outcome deployed
}

# The user data installs the engine and may itself wait for the live release, so its end is not waited for.
wait_for_engine_of_boot() {
  while ! command -v docker >/dev/null && [[ $(cloud-init status 2>/dev/null) == *running* ]] && ((EPOCHSECONDS < plan[deadline])); do
    sleep 1
  done
  wait_for_engine
}

# A container that runs and does not answer is left alone: it may be busy, and to replace it would cut what it answers.
keep_live() {
  if live_serves; then
    [[ -z ${plan[metrics-port]:-} ]] || provide_metrics
    report outcome unchanged
    return 0
  fi
  local abandoned=none
  if step mend serve_live; then
    report outcome deployed
    return 0
  fi
  refuse live-unhealthy "${live[release]} is live and does not answer on port ${live[host-port]}; the last: $proof_seen."
}

# The plan of the release that is live. Fails if there is nothing to do, and says why; failure_code is set if that is wrong.
plan_from_ledger() {
  local stored
  read_app_record live-plan || return 1
  stored=$REPLY
  if [[ -z $stored ]]; then
    report outcome empty
    return 1
  fi
  read_app_record lease || return 1
  if lease_is_held "$REPLY"; then
    report outcome busy
    return 1
  fi
  EC2_DEPLOY_PLAN=$({
    base64 -d <<<"$stored" | gunzip
    printf 'deadline\0%s\0' "$((EPOCHSECONDS + EC2_DEPLOY_CONVERGE_SECONDS))"
  } | base64 -w 0)
}

# read_app_record NAME: the app's parameter in REPLY, empty if there is none.
read_app_record() {
  local -a request=(aws --region "$EC2_DEPLOY_REGION" --output text ssm get-parameter --name "/ec2-deploy/$EC2_DEPLOY_APP/$1" --query Parameter.Value)
  local error
  REPLY=$("${request[@]}" 2>/dev/null) && return 0
  error=$("${request[@]}" 2>&1 >/dev/null)
  REPLY=''
  [[ $error != *ParameterNotFound* ]] || return 0
  refuse ledger-unreadable "the host cannot read /ec2-deploy/$EC2_DEPLOY_APP/$1 (its role needs ssm:GetParameter): $error" >/dev/null
  report failure "$failure_code"
  report_text failure-text "$failure_text"
  return 1
}

# lease_is_held RECORD: whoever holds it may be between two releases, and what is live is its business until its time is over.
lease_is_held() {
  json_member "$1" holder && [[ -n $REPLY ]] || return 1
  json_member "$1" deadline || return 1
  (($(date -d "$REPLY" +%s) > EPOCHSECONDS))
}

# --- prepare -----------------------------------------------------------------------------------------------------

verb_prepare() {
  begin_transaction || return 1
  provide_release || return 1
  [[ ${plan[strategy]} == recreate ]] || start_beside_live || return 1
  write_journal prepared
}

start_beside_live() {
  step start run_candidate || return 1
  proxy_name "${plan[host-port]}"
  # What the switch and the drain will want to know is asked with it.
  look_at_proxy "$REPLY" "$candidate" "${live[container]:-}"
  step health wait_until_healthy "http://${address_of[$candidate]:-}:${plan[container-port]}"
}

# What both the migration and the candidate need, once.
provide_release() {
  [[ -z $release_provided ]] || return 0
  provide_image || return 1
  step secrets build_environment || return 1
  step network provide_network || return 1
  release_provided=yes
}

begin_transaction() {
  [[ -z ${journal[phase]:-} ]] || return 0
  # A rollout that was cut off is undone before the next one begins.
  if [[ -f $state/journal ]]; then
    step recover restore_live || return 1
  fi
  rm -f "$state/proxy/config.previous"
  step preflight check_room || return 1
  write_reserve && write_journal preparing && post_guard
}

# The way back writes a few small files, and so does docker for it: a disk that has filled up since must not be in its way.
write_reserve() {
  head -c 4194304 /dev/zero >"$state/reserve" || refuse state-unwritable "cannot write $state/reserve: is the disk full?"
}

free_reserve() { rm -f "$state/reserve"; }

# The guard goes back if nobody is left to finish. Its file may hold the release's plain variables.
post_guard() {
  (umask 077 && {
    printf '#!/bin/bash\nEC2_DEPLOY_PLAN=%q\n' "$EC2_DEPLOY_PLAN"
    declare -f
    printf '%s\n' 'guard_main'
  } >"$state/guard.new") && mv -f "$state/guard.new" "$state/guard" ||
    refuse state-unwritable "cannot write $state/guard: is the disk full?" || return 1
  # A session of its own: the agent kills the whole process group when a command is cancelled or times out.
  setsid bash "$state/guard" </dev/null >>"$state/log" 2>&1 3>&- 9>&- &
  printf %s $! >"$state/guard.pid"
}

# The verbs of a rollout may come in several commands: what the one before left has to be there still.
continue_transaction() {
  [[ -n ${journal[phase]:-} ]] || read_record "$state/journal" journal
  [[ ${journal[run]:-} == "${plan[run]:-}" && ${journal[candidate]:-} == "${plan[release]}" ]] && return 0
  refuse not-under-way "no rollout of ${plan[release]} is under way here: it was taken back."
}

end_transaction() {
  rm -f "$state/journal"
  free_reserve
  journal=()
  dismiss_guard
}

dismiss_guard() {
  local pid
  read_file "$state/guard.pid"
  pid=$REPLY
  [[ -n $pid ]] || return 0
  rm -f "$state/guard.pid"
  # The number may belong to another process by now.
  if grep -qs ec2-deploy "/proc/$pid/cmdline"; then
    kill -- "-$pid" 2>/dev/null
  fi
  return 0
}

check_room() {
  local needed
  # Layers are stored unpacked, about three times their size in the registry, and the app needs some room too.
  needed=$((${plan[image-bytes]:-0} * 3 / 1024 + 200 * 1024))
  look_at_image && needed=$((50 * 1024))
  free_kilobytes
  ((REPLY >= needed)) && return 0
  refuse disk-full "the host has $((REPLY / 1024)) MiB free where docker keeps its images and needs about $((needed / 1024)) MiB. Remove what is not needed, lower keep-releases, or enlarge the volume."
}

# Fails if the host has not the image yet.
look_at_image() {
  if [[ -z $image_seen ]]; then
    image_seen=no
    template .Architecture
    image_architecture=$(docker image inspect --format "$REPLY" "${plan[image]}" 2>/dev/null) && image_seen=yes
  fi
  [[ $image_seen == yes ]]
}

provide_image() {
  if ! look_at_image; then
    step login log_in || return 1
    step pull pull_image "${plan[image]}" || return 1
    image_seen=''
    look_at_image
  fi
  check_architecture
}

# What docker login would write, which asks the registry first, as the pull does anyway.
log_in() {
  [[ -n ${plan[registry]:-} ]] || return 0
  local password authorization
  if ! password=$(captured aws --region "${plan[region]}" ecr get-login-password); then
    last_error
    refuse registry-login "the host's role cannot get a registry token (ecr:GetAuthorizationToken): $REPLY"
    return 1
  fi
  authorization=$(printf 'AWS:%s' "$password" | base64 -w 0)
  (umask 077 && mkdir -p "$DOCKER_CONFIG" &&
    printf '{"auths":{"%s":{"auth":"%s"}}}' "${plan[registry]}" "$authorization" >"$DOCKER_CONFIG/config.json")
}

pull_image() {
  captured in_time docker pull --quiet "$1" && return 0
  last_error
  case $REPLY in
    *'no space left on device'*) refuse disk-full "the host's disk filled up while pulling $1: $REPLY" ;;
    *'no matching manifest'* | *'no match for platform'*) refuse wrong-architecture "the image has no variant for the host's $(uname -m)." ;;
    *) refuse pull-failed "the host cannot pull $1 (its role needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer): $REPLY" ;;
  esac
}

check_architecture() {
  case "$(uname -m)/$image_architecture" in
    x86_64/amd64 | aarch64/arm64 | */) return 0 ;;
  esac
  refuse wrong-architecture "the image is built for $image_architecture, the host is $(uname -m)."
}

provide_network() {
  docker network inspect "$network" >/dev/null 2>&1 ||
    captured docker network create --label "ec2-deploy.app=${plan[app]}" "$network" >/dev/null && return 0
  last_error
  refuse network-failed "docker cannot make the network $network: $REPLY"
}

# The options of docker run that both the candidate and the migration take.
run_options() {
  options=(
    --network "$network"
    --label "ec2-deploy.app=${plan[app]}" --label "ec2-deploy.release=${plan[release]}"
    "${environment_options[@]}"
    --env "EC2_DEPLOY_APP=${plan[app]}" --env "EC2_DEPLOY_RELEASE=${plan[release]}"
  )
  local volume
  for volume in "${volumes[@]}"; do
    options+=(--volume "$volume")
  done
  [[ -z ${plan[memory]} ]] || options+=(--memory "${plan[memory]}")
  [[ -z ${plan[cpus]} ]] || options+=(--cpus "${plan[cpus]}")
  [[ ${plan[read-only]} != true ]] || options+=(--read-only --tmpfs /tmp)
  # json-file, docker's default, grows without end; other drivers are the owner's choice.
  look_at_engine
  [[ $engine_log_driver != json-file ]] || options+=(--log-opt max-size=10m --log-opt max-file=3)
}

# run_candidate [OPTION…]: started without a restart policy, so that a crash shows as one.
run_candidate() {
  local -a options
  run_options
  replacing "$candidate" docker_run --detach --name "$candidate" --label ec2-deploy.role=app "${options[@]}" "$@" "${plan[image]}" "${command_words[@]}" && return 0
  last_run_error
  refuse start-failed "docker cannot start the container: $REPLY"
}

# What docker run said, without its own name and the advice on its use.
last_run_error() {
  last_error
  REPLY=${REPLY#docker: }
  REPLY=${REPLY%%$'\n'*"'docker run --help'"*}
}

# wait_until_healthy BASE: until GET BASE HEALTH-PATH answers 2xx; fails at once if the container has ended.
wait_until_healthy() {
  local url=$1${plan[health-path]} until status looked=0
  health_url=$url
  now
  until=$((REPLY + plan[health-timeout] * 1000))
  while :; do
    status=$(curl --silent --show-error --globoff --max-time 5 --output "$work/body" --write-out '%{http_code}' "$url" 2>"$work/stderr")
    health_seen[$status]=$((${health_seen[$status]:-0} + 1))
    [[ $status == 2?? ]] && return 0
    # Once a second: to ask docker costs a small host more than to ask the app.
    if ((EPOCHSECONDS > looked)) && ! container_runs "$candidate"; then
      refuse candidate-exited 'the container ended before it was healthy.'
      return 1
    fi
    looked=$EPOCHSECONDS
    require_wanted || return 1
    read_file "$work/stderr"
    health_error=${REPLY:0:300}
    now
    if ((REPLY >= until || EPOCHSECONDS >= plan[deadline])); then
      refuse candidate-unhealthy "the container did not answer 2xx to GET ${plan[health-path]} on port ${plan[container-port]} within ${plan[health-timeout]} s."
      return 1
    fi
    sleep 0.2
  done
}

# --- migrate -----------------------------------------------------------------------------------------------------

verb_migrate() {
  begin_transaction || return 1
  provide_release || return 1
  step migrate run_migration
}

run_migration() {
  local -a options
  local name=$candidate-migrate status
  remove_containers "$name"
  run_options
  docker_run --rm --name "$name" "${options[@]}" "${plan[image]}" "${migrate_words[@]}" >"$work/migration" 2>&1
  status=$?
  remove_containers "$name"
  # The log file outlives the command, so it gets what the job may see, and no more.
  redacted_end 20000 <"$work/migration"
  printf '%s\n' "$REPLY"
  tail -n 40 "$work/migration" | report_end migration-log 5000
  ((status)) || return 0
  if ((EPOCHSECONDS >= plan[deadline])); then
    refuse migration-failed 'the migration did not end in time and was stopped. Nothing was switched.'
  else
    refuse migration-failed "the migration ended with exit code $status. Nothing was switched."
  fi
}

# --- proxy -------------------------------------------------------------------------------------------------------

proxy_name() { REPLY=${plan[app]}-proxy-$1; }

provide_proxy_files() {
  mkdir -p "$state/proxy/slots" || return 1
  [[ -s $state/proxy/probe-token ]] || write_file "$state/proxy/probe-token" "$(head -c 24 /dev/urandom | base64 -w 0 | tr '+/' '-_')" || return 1
  read_file "$state/proxy/probe-token"
  (umask 077 && printf 'X-Ec2-Deploy-Probe: %s\n' "$REPLY" >"$state/probe-header")
}

# The configuration is loaded only when it differs: each load cuts connections, a renamed slot file none.
provide_proxy() {
  local name
  proxy_name "${plan[host-port]}"
  name=$REPLY
  provide_proxy_files || return 1
  read_file "$state/proxy/config.json"
  if [[ $REPLY != "${plan[proxy-config]}" ]]; then
    [[ ! -f $state/proxy/config.json ]] || cp -f "$state/proxy/config.json" "$state/proxy/config.previous"
    write_file "$state/proxy/config.json" "${plan[proxy-config]}" || return 1
    [[ $proxy_runs != yes ]] || load_proxy_config "$name" || return 1
  fi
  run_proxy "$name"
}

load_proxy_config() {
  captured docker exec "$1" caddy reload --config /state/config.json && return 0
  last_error
  refuse proxy-failed "the proxy refused its configuration: $REPLY"
}

provide_proxy_image() {
  [[ -z $proxy_image_ready ]] || return 0
  docker image inspect "${plan[proxy-image]}" >/dev/null 2>&1 || pull_image "${plan[proxy-image]}" || return 1
  proxy_image_ready=yes
}

# look_at_proxy NAME OTHER…: whether it runs, in proxy_runs; its process and address, and those of other containers, in pid_of and
# address_of.
look_at_proxy() {
  local name pid address
  pid_of=() address_of=() proxy_runs=no
  # If there is none of them docker prints an empty line.
  while read -r name pid address && [[ -n $name ]]; do
    pid_of[${name:1}]=$pid
    address_of[${name:1}]=$address
  done < <(container_fields "$*" .Name .State.Pid "$address_field")
  ((${pid_of[$1]:-0} == 0)) || proxy_runs=yes
}

run_proxy() {
  local name=$1
  [[ $proxy_runs != yes ]] || return 0
  run_caddy "$name" proxy config.json && return 0
  refuse proxy-failed "the proxy cannot start on port ${name##*-} (is it taken by another program?): $REPLY"
}

# run_caddy NAME ROLE CONFIG: a container on the port that NAME ends with. If it cannot start, REPLY says why.
run_caddy() {
  provide_proxy_image || return 1
  replacing "$1" docker run --detach --name "$1" --network "$network" --restart unless-stopped \
    --label "ec2-deploy.app=${plan[app]}" --label "ec2-deploy.role=$2" \
    --publish "${1##*-}:80" --volume "$state/proxy:/state:ro" \
    "${plan[proxy-image]}" caddy run --config "/state/$3" && return 0
  last_run_error
  remove_containers "$1"
  return 1
}

# Metrics have a container of their own: the ports of the proxy cannot change while it serves. Traffic does not depend on it, so
# that what is wrong with it is told and takes nothing back.
provide_metrics() {
  local name=${plan[app]}-metrics-${plan[metrics-port]}
  read_file "$state/proxy/metrics.json"
  if [[ $REPLY != "${plan[metrics-config]}" ]]; then
    if ! write_file "$state/proxy/metrics.json" "${plan[metrics-config]}"; then
      report_redacted metrics-problem "$failure_text"
      return 0
    fi
    remove_containers "$name"
  fi
  container_runs "$name" || run_caddy "$name" metrics metrics.json ||
    report_redacted metrics-problem "port ${plan[metrics-port]} cannot be served (is it taken by another program?): $REPLY"
}

# write_slots TARGET: from here on requests go to TARGET. All files are there before the first is renamed, by one process.
write_slots() {
  local slot file current fresh=$state/slots.new
  local -a changed=()
  mkdir -p "$fresh" || return 1
  for ((slot = 0; slot < EC2_DEPLOY_SLOTS; slot++)); do
    printf -v file '%02d' "$slot"
    current=''
    [[ ! -f $state/proxy/slots/$file ]] || read -r current <"$state/proxy/slots/$file"
    [[ $current != "$1" ]] || continue
    changed+=("$fresh/$file")
    printf %s "$1" >"$fresh/$file" || break
  done
  if ((${#changed[@]} == 0)) || { ((slot == EC2_DEPLOY_SLOTS)) && mv -f -t "$state/proxy/slots" "${changed[@]}"; }; then
    return 0
  fi
  refuse state-unwritable "cannot write $state/proxy/slots: is the disk full?"
}

# gets_traffic CONTAINER: whether requests go to it.
gets_traffic() { grep -qs "^$1:" "$state/proxy/slots/"*; }

# prove_release RECORD SECONDS: consecutive answers on the host's port come from the release that RECORD (live or wanted) tells of.
prove_release() {
  local -n proven=$1
  local until good=0
  now
  until=$((REPLY + $2 * 1000))
  until ask_who_answers; ((good == EC2_DEPLOY_PROOFS)); do
    now
    ((REPLY < until)) || return 1
    sleep 0.2
  done
  [[ ${proven[strategy]} != recreate ]] || container_runs "${proven[container]}"
}

# The proofs that are missing: requests on the public port, each on a connection of its own, and none after one that fails; counts
# in good how many in a row came from the release. Behind the proxy a header names who answered; without it, only the container that
# published the port can answer.
ask_who_answers() {
  local key value upstream=''
  local -a probe=(curl --silent --globoff --fail --fail-early --max-time 5 --header 'Connection: close' --dump-header - --write-out '=%{http_code}\n')
  [[ ${proven[strategy]} == recreate ]] || probe+=(--header "@$state/probe-header")
  for ((REPLY = good; REPLY < EC2_DEPLOY_PROOFS; REPLY++)); do
    probe+=(--output /dev/null "http://127.0.0.1:${proven[host-port]}${proven[health-path]}")
  done
  while IFS=': ' read -r key value; do
    case ${key,,} in
      x-ec2-deploy-upstream) upstream=${value%$'\r'} ;;
      =*) count_answer "${key#=}" ;;
    esac
  done < <("${probe[@]}")
}

# count_answer STATUS: one that is not of the release makes the ones before it worthless.
count_answer() {
  if [[ $1 == 2?? && (${proven[strategy]} == recreate || $upstream == "${proven[container]}:${proven[container-port]}") ]]; then
    good=$((good + 1))
  else
    good=0
    proof_seen="status $1 from ${upstream:-nobody}"
  fi
  upstream=''
}

# --- switch ------------------------------------------------------------------------------------------------------

verb_switch() {
  declare -gA wanted=(
    [container]=$candidate [container-port]=${plan[container-port]} [host-port]=${plan[host-port]}
    [health-path]=${plan[health-path]} [strategy]=${plan[strategy]}
  )
  continue_transaction || return 1
  # A candidate of recreate starts only now, and what it needs may have to be read once more.
  [[ ${plan[strategy]} != recreate ]] || provide_release || return 1
  write_journal switching || return 1
  if [[ ${plan[strategy]} == recreate ]]; then
    step switch replace_container || return 1
  else
    step switch move_traffic || return 1
  fi
  step prove prove_candidate
}

prove_candidate() {
  if prove_release wanted 15; then
    report_gap
    return 0
  fi
  refuse not-proven "answers on port ${plan[host-port]} do not come from the new release; the last: $proof_seen."
}

move_traffic() {
  proxy_name "${plan[host-port]}"
  [[ -n $proxy_runs ]] || look_at_proxy "$REPLY"
  [[ $proxy_runs == yes ]] || provide_proxy_image || return 1
  docker update --restart unless-stopped "$candidate" >/dev/null || return 1
  # The port is the old container's own where the release before was started by recreate.
  [[ ${live[strategy]:-} != recreate ]] || stop_live
  provide_proxy_files && write_slots "$candidate:${plan[container-port]}" && provide_proxy
}

replace_container() {
  if [[ -n ${live[container]:-} ]]; then
    stop_live
    stop_proxies
  fi
  run_candidate --publish "${plan[host-port]}:${plan[container-port]}" || return 1
  wait_until_healthy "http://127.0.0.1:${plan[host-port]}" || return 1
  report_gap
  docker update --restart unless-stopped "$candidate" >/dev/null
}

# Stops the live container before another serves: from here on nothing answers.
stop_live() {
  now
  gap_start=$REPLY
  stop_container "${live[container]}"
}

# Something answers again; most rollouts have no gap to report.
report_gap() {
  [[ -n $gap_start ]] || return 0
  now
  report gap "$((REPLY - gap_start))"
  gap_start=''
}

proxies() { app_containers | sed -n 's/^proxy .* //p'; }

stop_proxies() {
  local name
  for name in $(proxies); do
    stop_container "$name"
  done
}

# --- settle ------------------------------------------------------------------------------------------------------

verb_settle() {
  local old=${live[container]:-} port=${live[container-port]:-} strategy=${live[strategy]:-}
  # Told again, it is done already.
  [[ -f $state/journal || ${live[release]:-} != "${plan[release]}" ]] || return 0
  continue_transaction || return 1
  write_journal settling || return 1
  # From here on the new release is the one to come back to.
  write_live || return 1
  read_record "$state/live" live
  if [[ $strategy == blue-green && $old != "$candidate" ]]; then
    step drain drain "$old" "$port"
  fi
  [[ -z ${plan[metrics-port]:-} ]] || step metrics provide_metrics
  step tidy tidy
  end_transaction
}

# drain CONTAINER PORT: until the proxy has no connection to it. An idle one closes after a second, so what stays is in flight.
drain() {
  local sockets pattern until quiet=0
  proxy_name "${plan[host-port]}"
  # A proxy that was started, or started again, since it was looked at is another process.
  [[ -e /proc/${pid_of[$REPLY]:-0} && -n ${address_of[$1]:-} ]] || look_at_proxy "$REPLY" "$1"
  sockets=/proc/${pid_of[$REPLY]:-0}/net/tcp
  hex_address "${address_of[$1]:-}" "$2"
  pattern=$REPLY
  now
  until=$((REPLY + plan[drain-timeout] * 1000))
  while now && ((quiet < 3 && REPLY < until)); do
    quiet=$((quiet + 1))
    ! awk -v remote="$pattern" '$3 == remote && $4 == "01" { found = 1 } END { exit !found }' "$sockets" || quiet=0
    sleep 0.1
  done
  ((quiet >= 3)) || report drain-expired yes
}

# An address as /proc/net/tcp writes it: the four bytes in reverse order.
hex_address() {
  local a b c d
  IFS=. read -r a b c d <<<"$1"
  printf -v REPLY '%02X%02X%02X%02X:%04X' "$d" "$c" "$b" "$a" "$2"
}

# Stops what does not serve and removes what is too old, by this app's labels only.
tidy() {
  local line role status name kept=1
  local -a lines
  mapfile -t lines < <(app_containers)
  for line in "${lines[@]}"; do
    read -r role status name <<<"$line"
    case $role in
      app) [[ $name == "${live[container]}" ]] || keep_for_later "$name" "$status" ;;
      proxy) [[ ${live[strategy]} == blue-green && ${name##*-} == "${live[host-port]}" ]] || remove_containers "$name" ;;
      metrics) [[ ${name##*-} == "${live[metrics-port]:-}" ]] || remove_containers "$name" ;;
    esac
  done
}

# keep_for_later CONTAINER STATUS: an older release stays on the host to go back to, if it is not too old; they come newest first.
keep_for_later() {
  [[ $2 != @(running|restarting|paused) ]] || stop_container "$1"
  kept=$((kept + 1))
  ((kept <= ${plan[keep-releases]:-5})) || remove_with_image "$1"
}

# remove_with_image CONTAINER [IMAGE]: IMAGE is the one to remove if the container was never made. docker refuses to remove
# an image that another container uses, which is what is wanted.
remove_with_image() {
  local image
  image=$(container_fields "$1" .Config.Image)
  image=${image:-${2:-}}
  remove_containers "$1" "$1-migrate"
  [[ -z $image || $image == "${live[image]:-}" ]] || docker image rm "$image" >/dev/null 2>&1 || true
}

# --- the way back ------------------------------------------------------------------------------------------------

verb_revert() {
  if [[ -f $state/journal ]]; then
    step revert restore_live
  else
    # Nothing is under way: the rollout never began here, or it ended.
    live_serves
    live_outcome $?
  fi
}

# Brings the host back to what the record of the live release says, from wherever a rollout was left.
restore_live() {
  local abandoned status=0
  read_record "$state/journal" journal
  abandoned=${plan[app]}-${journal[candidate]:-none}
  free_reserve
  if [[ -n ${live[container]:-} ]]; then
    { serve_live && report_gap; } || status=1
  else
    remove_all_proxies
  fi
  # What still gets requests is better than nothing.
  if [[ $abandoned != "${live[container]:-}" ]] && ! { ((status)) && gets_traffic "$abandoned"; }; then
    remove_with_image "$abandoned" "${plan[image]:-}"
  fi
  ((status)) || [[ -z ${live[container]:-} ]] || tidy
  end_transaction
  live_outcome "$status"
}

serve_live() {
  local proxy
  if [[ ${live[strategy]} == recreate ]]; then
    [[ $abandoned == "${live[container]}" ]] || remove_containers "$abandoned"
    remove_all_proxies
    provide_live || return 1
  else
    free_port_of_candidate
    provide_live || return 1
    proxy_name "${live[host-port]}"
    proxy=$REPLY
    look_at_proxy "$proxy"
    restore_proxy_config "$proxy"
    write_slots "${live[container]}:${live[container-port]}" || return 1
    [[ $proxy_runs == yes ]] || docker start "$proxy" >/dev/null 2>&1 || run_proxy "$proxy" || return 1
  fi
  prove_release live "${plan[health-timeout]:-60}"
}

provide_live() { container_runs "${live[container]}" || docker start "${live[container]}" >/dev/null; }

# A candidate of recreate holds the port that the proxy needs back.
free_port_of_candidate() {
  [[ ${journal[strategy]:-} == recreate && $abandoned != "${live[container]}" ]] || return 0
  remove_containers "$abandoned"
}

restore_proxy_config() {
  [[ -f $state/proxy/config.previous && ${journal[phase]:-} == switching ]] || return 0
  mv -f "$state/proxy/config.previous" "$state/proxy/config.json" || return 1
  [[ $proxy_runs != yes ]] || load_proxy_config "$1"
}

remove_all_proxies() {
  local -a names
  mapfile -t names < <(proxies)
  ((${#names[@]} == 0)) || remove_containers "${names[@]}"
}

# live_outcome STATUS: tells who serves now; STATUS is 0 if the live release was just proven to answer.
live_outcome() {
  if [[ -z ${live[release]:-} ]]; then
    report outcome empty
  elif (($1 == 0)); then
    report outcome reverted
    report serving "${live[release]}"
  else
    report outcome broken
    report_text broken "${live[release]} does not answer on port ${live[host-port]}; the last: $proof_seen."
  fi
}

# Runs when nobody else finished: the runner and the command are gone and the plan's deadline has passed.
guard_main() {
  start_afresh
  exec 3>/dev/null
  read_plan || exit 1
  while ((EPOCHSECONDS < plan[deadline])); do
    sleep $((plan[deadline] - EPOCHSECONDS))
  done
  name_things
  exec 9>"$state/lock"
  flock 9
  read_record "$state/journal" journal || exit 0
  [[ ${journal[candidate]} == "${plan[release]}" ]] || exit 0
  note "guard: the deadline has passed, ${plan[release]} is undone"
  work=$(mktemp -d "$EC2_DEPLOY_WORK/${plan[app]}.guard.XXXXXX")
  export DOCKER_CONFIG=$work/docker
  trap 'rm -rf "$work"' EXIT
  rm -f "$state/guard.pid"
  read_record "$state/live" live
  restore_live
}

# --- the dossier -------------------------------------------------------------------------------------------------

# Why the candidate failed: facts only; the runner makes the diagnosis.
report_dossier() {
  local fields exit_code out_of_memory running pid
  if [[ -z $failure_code ]]; then
    refuse unexpected 'the host program could not go on; the end of its log is below.'
    report_end program-log 3000 < <(cat "$state/log" 2>/dev/null)
  fi
  report failure "$failure_code"
  report_redacted failure-text "$failure_text"
  fields=$(container_fields "$candidate" .State.ExitCode .State.OOMKilled .State.Running .State.Pid .State.Error) || return 0
  read -r exit_code out_of_memory running pid _ <<<"$fields"
  report exit-code "$exit_code"
  report out-of-memory "$out_of_memory"
  report running "$running"
  report_redacted container-error "${fields#* * * * }"
  report_listening "$pid"
  report_health
  docker logs --tail 60 "$candidate" 2>&1 | report_end log 5000
}

report_listening() {
  (($1)) || return 0
  # State 0A is LISTEN; 0B00007F is 127.0.0.11, docker's own name server.
  report_text listening "$(cat "/proc/$1/net/tcp" "/proc/$1/net/tcp6" 2>/dev/null | awk '$4 == "0A" && $2 !~ /^0B00007F/ { print $2 }')"
}

report_health() {
  local status
  [[ -n ${health_url:-} ]] || return 0
  for status in "${!health_seen[@]}"; do
    report health-answer "$status ${health_seen[$status]}"
  done
  redact "$(head -c $((500 + EC2_DEPLOY_LONGEST_SECRET)) "$work/body" 2>/dev/null | tr -d '\0')"
  report_text health-body "${REPLY:0:500}"
  report_redacted health-error "$health_error"
}

# --- main --------------------------------------------------------------------------------------------------------

name_things() {
  state=$EC2_DEPLOY_STATE/${plan[app]}
  network=ec2-deploy-${plan[app]}
  address_field="(index .NetworkSettings.Networks \"$network\").IPAddress"
  candidate=${plan[app]}-${plan[release]:-none}
}

set_up() {
  name_things
  exec 1>/dev/null 2>&1
  if ! make_folders; then
    refuse state-unwritable "cannot write under $EC2_DEPLOY_STATE and $EC2_DEPLOY_WORK: is the disk full?"
    return 1
  fi
  export DOCKER_CONFIG=$work/docker
  trap 'rm -rf "$work"' EXIT
  [[ ${plan[verbs]} != revert ]] || give_up_run
  if [[ ${plan[verbs]} == inspect ]]; then
    exec 1>"$work/log" 2>&1
  else
    take_host || return 1
  fi
  read_record "$state/live" live
  return 0
}

make_folders() {
  mkdir -p "$state" "$EC2_DEPLOY_WORK" &&
    chmod 700 "$EC2_DEPLOY_STATE" "$state" "$EC2_DEPLOY_WORK" &&
    work=$(mktemp -d "$EC2_DEPLOY_WORK/${plan[app]}.${plan[verbs]%% *}.XXXXXX")
}

# One rollout at a time on a host. Its log is the last one's only: it must not fill the disk.
take_host() {
  local left patience=300 log=$state/log
  if [[ ${plan[verbs]} == converge ]]; then
    # A deploy that is at work leaves the host as it should be; its log is of more interest, too.
    patience=0
    log=$state/converge-log
  fi
  exec 9>"$state/lock"
  if ! flock --wait "$patience" 9; then
    refuse host-busy 'another rollout is at work on this host.'
    return 1
  fi
  # The commands of one rollout have one log.
  [[ ${plan[verbs]} == switch || ${plan[verbs]} == settle ]] || : >"$log"
  exec 1>>"$log" 2>&1
  # What a killed rollout left on tmpfs; inspections of others go on beside this one.
  for left in "$EC2_DEPLOY_WORK/${plan[app]}".*; do
    [[ $left == "$work" || $left == *.inspect.* ]] || rm -rf "$left"
  done
}

run_verbs() {
  local verb
  for verb in ${plan[verbs]}; do
    require_wanted && "verb_$verb" || return 1
  done
}

# A way back may overtake the command that it takes back, and the agent may fail to kill that one: a run that was given up neither
# begins nor goes on.
give_up_run() { write_file "$state/given-up" "${plan[run]:-}" || note 'a command that is still on its way will not be stopped'; }

require_wanted() {
  read_file "$state/given-up"
  [[ ${plan[verbs]} == revert || ${plan[run]:-none} != "$REPLY" ]] && return 0
  refuse given-up 'the job gave this rollout up.'
}

# A failed rollout goes back here and now, while the cause is at hand.
give_up() {
  report_dossier
  if [[ -f $state/journal ]]; then
    step revert restore_live
  else
    live_serves
    live_outcome $?
  fi
}

# How far the last verb brought the host; the others say so themselves.
report_outcome() {
  case ${plan[verbs]##* } in
    prepare) report outcome prepared ;;
    switch) report outcome switched ;;
    settle) report outcome deployed ;;
  esac
}

main() {
  exec 3>&1
  report program "${EC2_DEPLOY_PROGRAM:-}"
  if [[ -z ${EC2_DEPLOY_PLAN:-} ]]; then
    plan_from_ledger || exit "$((${#failure_code} > 0))"
  fi
  if ! read_plan; then
    report failure plan-unreadable
    exit 1
  fi
  if ! set_up; then
    [[ ${plan[verbs]} != converge || $failure_code != host-busy ]] || { report outcome busy && exit 0; }
    report_dossier
    exit 1
  fi
  if run_verbs; then
    report_outcome
    exit 0
  fi
  give_up
  exit 1
}

[[ -z ${EC2_DEPLOY_PLAN:-}${EC2_DEPLOY_APP:-} ]] || main
