#!/bin/bash
# Finds, makes, resets or removes kmsuser, the HSM user of KMS; prints one line of
# JSON. inspect answers with a throw-away public key. create, reset and delete get the
# admin's login encrypted to it, and use it up; forget removes it. Secrets stay in variables.
set -euo pipefail
export LC_ALL=C
unset "${!CLOUDHSM_@}" # given a PIN, even "user list" would log in

action='{{ Action }}'
stack='{{ Stack }}'
cluster='{{ Cluster }}'
key='{{ Key }}'
envelope='{{ Envelope }}'

readonly cli=/opt/cloudhsm/bin/cloudhsm-cli config=/opt/cloudhsm/etc/cloudhsm-cli.cfg
readonly base=/run/cloudhsm-key-store
doomed='' reported='' login='' password='' said='' logins=0 only=() seen=()

report() { # outcome, then names and values in turn
  local line="{\"outcome\":\"$1\",\"logins\":\"$logins\"" && shift
  while (($#)); do line+=",\"$1\":\"$2\"" && shift 2; done
  reported=yes
  echo "$line}"
}

fail() { report "$@" && exit 1; }

finish() {
  local code=$?
  [[ -z $doomed ]] || rm -rf "$doomed"
  [[ $reported ]] || report script-failed
  exit $((code != 0)) # never 194: the agent would reboot
}

check_parameters() { # again, after the document's own patterns
  [[ $action =~ ^(inspect|create|reset|delete|forget)$ && $stack =~ ^[0-9a-f-]{36}$ &&
    $cluster =~ ^cluster-[2-7a-zA-Z]{11,16}$ &&
    $key =~ ^(none|[0-9]{10}-[0-9a-f]{16})$ && $envelope =~ ^(none|[A-Za-z0-9+/=]{4,})$ ]] ||
    fail bad-parameters
}

lock() { # the CLI inherits it, and holds it even if it outlives this script
  local tries=0
  [[ ! -L $base ]] || fail unsafe-directory
  install -d -m 700 "$base"
  exec 9<"$base"
  until flock -n 9; do
    ((tries += 1, tries < 45)) || fail busy
    sleep 1
  done
}

check_tools() {
  local program missing=''
  [[ -f $cli && -x $cli ]] || missing=cloudhsm-cli
  for program in openssl flock; do
    command -v "$program" >/dev/null || missing+=${missing:+, }$program
  done
  [[ -z $missing ]] || fail lacks detail "$missing"
}

renew_folder() { # whatever it held, keys first of all, is gone
  rm -rf "${base:?}/$stack"
  install -d -m 700 "$base/$stack"
}

plain() { tr '\n\t' '  ' | tr -cd 'A-Za-z0-9 .,:()_-' | tr -s ' '; }

cli_failed() { # as outcome $1, with the CLI's words but no secrets
  local text secret
  text=$(printf %s "$output" | plain)
  for secret in "$login" "${login#*:}" "$password"; do
    secret=$(printf %s "$secret" | plain)
    [[ -z $secret ]] || text=${text//"$secret"/(hidden)}
  done
  text="exit $status: ${text# }"
  text=${text:0:200}
  fail "$1" detail "${text% }" ${seen[@]+"${seen[@]}"}
}

# Reads the JSON between the first { and the last } into facts, as path=value:
# //data/users//role="admin". False unless it is whole.
parse() {
  local token last='' key='' path='' shape=''
  local whole='(\{(S:[SLV](,S:[SLV])*)?\}|\[([SLV](,[SLV])*)?\])$'
  facts=('')
  [[ $output == *"{"*"}"* ]] || return 1
  while read -r token; do
    case $token in
      '') continue ;;
      '{' | '[') facts+=("$path/$key=$token") path+=/$key key='' shape+=$token ;;
      '}' | ']')
        shape+=$token
        [[ $shape =~ $whole ]] || return 1
        shape=${shape%"${BASH_REMATCH[0]}"}V facts+=("$path=$token") path=${path%/*} key=''
        ;;
      ,) key='' shape+=, ;;
      :) key=$last shape+=: ;;
      '"'*'"') last=${token:1:-1} shape+=S facts+=("$path/$key=$token") ;;
      true | false | null | [0-9-]*) shape+=L facts+=("$path/$key=$token") ;;
      *) return 1 ;;
    esac
  done < <(token=${output#*"{"} && printf %s "{${token%"}"*}}" | sed -E '
    s/[\r\t]/ /g
    s/[^][{}:,"\\ A-Za-z0-9.\/()_+-]/?/g
    s/"([^"\\]|\\.)*"|[][{}:,]|[^][{}:," ]+/&\n/g')
  [[ $shape == V ]]
}

has() {
  local all
  printf -v all '\n%s\n' "${facts[@]}"
  [[ $all == *$'\n'"$1"$'\n'* ]]
}

run() { # the CLI, without a login; it may log to stderr, braces and all
  status=0
  output=$(timeout -k 5 30 "$cli" "$@" ${only[@]+"${only[@]}"} 2>"$base/$stack/stderr" </dev/null) || status=$?
}

ask() { # the CLI for the list $1
  run "${@:2}"
  { ((status == 0)) && parse && has //error_code=0 && has "//data/$1=["; } && return
  output+=" $(<"$base/$stack/stderr")"
  cli_failed cli-failed
}

find_kmsuser() { # sets kmsuser, about (its names and values for report), and admins
  local fact value name role locked coverage mfa users=0
  kmsuser=absent about=() admins=''
  ask users user list
  for fact in "${facts[@]}"; do
    case $fact in
      '//data/users/={') name='' role='' locked='' coverage='' mfa=no ;;
      //data/users//username=*) name=${fact#*=} ;;
      //data/users//role=*) word "$fact" && role=$value ;;
      //data/users//locked=*) word "$fact" && locked=$value ;;
      //data/users//cluster-coverage=*) word "$fact" && coverage=$value ;;
      '//data/users//mfa//status="enabled"') mfa=yes ;;
      '//data/users/=}')
        [[ $name == '"'?*'"' ]] || cli_failed cli-failed
        users=1
        word "=$name"
        [[ $role != admin ]] || admins+=" $value/$locked/$coverage/$mfa"
        [[ $name == '"kmsuser"' ]] || continue
        kmsuser=present
        about=(role "$role" locked "$locked" coverage "$coverage")
        ;;
    esac
  done
  ((users)) || cli_failed cli-failed # every cluster has an admin
}

word() { # sets value: that of a fact, of harmless characters only
  value=${1#*=} value=${value//[^a-zA-Z0-9()_-]/}
}

count_hsms() {
  local fact
  hsms=0
  ask hsms cluster hsm-info
  for fact in "${facts[@]}"; do
    [[ $fact != //data/hsms//serial-number=* ]] || ((hsms += 1))
  done
}

read_config() { # sets hosts, certificate and only, for the one cluster or, of several, for ours
  local fact file='' there='' of_file='' ours='' listed='' clusters=0
  hosts='' certificate=''
  output=$(cat "$config" 2>/dev/null) && parse || facts=()
  for fact in ${facts[@]+"${facts[@]}"}; do
    case $fact in
      '//clusters/={') there='' of_file='' ours='' ;;
      //clusters//*/hostname=*) fact=${fact#*=} there+=" ${fact//[^A-Za-z0-9.:-]/}" ;;
      //clusters//*/hsm_ca_file=*) of_file=${fact#*=\"} of_file=${of_file%\"} ;;
      //clusters//*="\"$cluster\"") ours=yes listed=yes ;;
      '//clusters/=}')
        ((clusters += 1))
        [[ $clusters -gt 1 && -z $ours ]] || hosts=${there# } file=$of_file
        ;;
    esac
  done
  certificate=$(openssl x509 -in "${file:-/opt/cloudhsm/etc/customerCA.crt}" -noout -fingerprint -sha256 2>/dev/null) || certificate=''
  certificate=${certificate#*=} certificate=${certificate//[^A-F0-9:]/}
  seen=(hosts "$hosts" certificate "$certificate")
  ((clusters < 2)) || only=(--cluster-id "$cluster")
  [[ $clusters -lt 2 || $listed ]] || fail cluster-unlisted cluster "$cluster"
}

read_version() {
  version=$(timeout -k 5 10 "$cli" --version 2>/dev/null </dev/null) || version=''
  [[ $version =~ [0-9]+\.[0-9]+\.[0-9]+ ]] && version=${BASH_REMATCH[0]} || version=''
  seen+=(version "$version")
}

read_quorum() { # how many admins must approve a change of users; empty if the CLI does not tell
  local fact
  quorum=''
  run quorum token-sign list-quorum-values
  ((status == 0)) && parse || return 0
  for fact in "${facts[@]}"; do
    [[ ! $fact =~ ^//data/user=([0-9]+)$ ]] || quorum=${BASH_REMATCH[1]}
  done
}

inspect() {
  local id public
  renew_folder # a late command must find no older key
  read_config
  read_version
  find_kmsuser
  count_hsms
  read_quorum
  rm "$base/$stack/stderr"
  read -r id </proc/sys/kernel/random/uuid
  id=${id//-/} id=$(date +%s)-${id:0:16}
  (umask 077 && openssl genrsa -out "$base/$stack/$id.pem" 3072 2>/dev/null)
  public=$(openssl rsa -in "$base/$stack/$id.pem" -pubout 2>/dev/null)
  public=${public#-*-$'\n'} public=${public%$'\n'-*-} public=${public//$'\n'/}
  doomed=''
  report inspected key "$id" publicKey "$public" "${seen[@]}" hsms "$hsms" quorum "$quorum" admins "${admins# }" \
    kmsuser "$kmsuser" ${about[@]+"${about[@]}"}
}

use_key() { # opens the envelope with a key under ten minutes old, and ends the key
  local file=$base/$stack/$key.pem age text
  [[ -f $file && ! -L $file ]] || fail no-key
  age=$(($(date +%s) - 10#${key%-*}))
  ((age >= 0 && age < 600)) || fail no-key
  text=$(printf %s "$envelope" | base64 -d | openssl pkeyutl -decrypt -inkey "$file" \
    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 2>/dev/null) || text=''
  renew_folder
  login=${text%%$'\n'*} password=${text#"$login"}
  password=${password#$'\n'}
  [[ $login =~ ^[A-Za-z0-9_]+: && $login != *: ]] || fail bad-envelope
  [[ $action == delete && -z $password || $action != delete && $password =~ ^[A-Za-z0-9]{32}$ ]] ||
    fail bad-envelope
}

act() { # the CLI as the admin, with verb $1 on kmsuser; sets said to all its words
  status=0 logins=1
  output=$(CLOUDHSM_ROLE=admin CLOUDHSM_PIN=$login timeout -k 5 30 "$cli" user "$1" --username kmsuser \
    --role crypto-user ${password:+--password "$password"} ${only[@]+"${only[@]}"} 2>"$base/$stack/stderr" </dev/null) || status=$?
  said="$output $(<"$base/$stack/stderr")"
}

change() { # creates or deletes, with one login; the list says what came of it
  local wanted=absent done=absent code
  [[ $action == delete ]] || wanted=present done=exists
  [[ $kmsuser != "$wanted" ]] || { report "$done" ${about[@]+"${about[@]}"} hsms "$hsms" && return; }
  act "$action"
  code=$status
  find_kmsuser
  [[ $kmsuser == "$wanted" ]] || { output=$said status=$code && cli_failed "not-${action}d"; }
  count_hsms
  report "${action}d" ${about[@]+"${about[@]}"} hsms "$hsms"
}

reset() { # gives kmsuser the password, also where it is missing; no list shows passwords, so the CLI must say so
  local verb verbs=(create change-password)
  [[ $kmsuser == present ]] || verbs=(create)
  [[ " ${about[*]-} " != *" coverage full "* ]] || verbs=(change-password)
  for verb in "${verbs[@]}"; do
    act "$verb"
    { ((status == 0)) && parse && has //error_code=0; } || { output=$said && cli_failed not-reset; }
  done
  find_kmsuser
  count_hsms
  report reset ${about[@]+"${about[@]}"} hsms "$hsms"
}

main() {
  trap finish EXIT
  check_parameters
  [[ $key == none ]] || doomed=$base/$stack/$key.pem
  [[ $action == forget ]] || check_tools
  lock
  doomed=$base/$stack # all of it, unless a key was made
  case $action in
    inspect) inspect ;;
    forget) rm -rf "${base:?}/$stack" && report forgotten ;;
    *)
      use_key
      read_config
      find_kmsuser
      count_hsms
      case $action in reset) reset ;; *) change ;; esac
      ;;
  esac
}

main "$@"
