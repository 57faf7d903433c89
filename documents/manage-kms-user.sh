#!/bin/bash
# Finds, makes or removes kmsuser, the HSM user of KMS; prints one line of JSON.
# inspect answers with a throw-away public key. create and delete get the admin's
# login encrypted to it, and use it up; forget removes it. Secrets stay in variables.
set -euo pipefail
umask 077
export LC_ALL=C
unset "${!CLOUDHSM_@}" # given a PIN, even "user list" would log in

action='{{ Action }}'
stack='{{ Stack }}'
key='{{ Key }}'
envelope='{{ Envelope }}'

readonly cli=/opt/cloudhsm/bin/cloudhsm-cli config=/opt/cloudhsm/etc/cloudhsm-cli.cfg
readonly base=/run/cloudhsm-key-store
doomed='' reported='' login='' password='' logins=0

report() { # outcome, then names and values in turn
  local line="{\"outcome\":\"$1\",\"logins\":\"$logins\"" && shift
  while (($#)); do line+=",\"$1\":\"$2\"" && shift 2; done
  reported=yes
  echo "$line}"
}

fail() { report "$@" && exit 1; }

finish() {
  local code=$?
  [[ -z $doomed ]] || rm -f "$doomed"
  [[ $reported ]] || report script-failed
  exit $((code != 0)) # never 194: the agent would reboot
}

check_parameters() { # again, after the document's own patterns
  [[ $action =~ ^(inspect|create|delete|forget)$ && $stack =~ ^[0-9a-f-]{36}$ &&
    $key =~ ^(none|[0-9]{10}-[0-9a-f]{16})$ && $envelope =~ ^(none|[A-Za-z0-9+/=]{4,})$ ]] ||
    fail bad-parameters
}

lock() { # the CLI inherits it, and holds it even if it outlives this script
  local tries=0
  [[ ! -L $base ]] || fail unsafe-directory
  command -v flock >/dev/null || fail no-flock
  mkdir -p "$base"
  chmod 700 "$base"
  exec 9<"$base"
  until flock -n 9; do
    ((tries += 1, tries < 60)) || fail busy
    sleep 1
  done
}

check_tools() {
  [[ -f $cli && -x $cli ]] || fail no-cli
  command -v openssl >/dev/null || fail no-openssl
}

plain() { tr '\n\t' '  ' | tr -cd 'A-Za-z0-9 .,:()_-' | tr -s ' '; }

cli_failed() { # as outcome $1, with the CLI's words but no secrets
  local text secret
  text=$(printf %s "$output" | plain)
  for secret in "$login" "${login#*:}" "$password"; do
    secret=$(printf %s "$secret" | plain)
    [[ -z $secret ]] || text=${text//"$secret"/(hidden)}
  done
  text="(exit $status) $text"
  fail "$1" detail "${text:0:200}"
}

# Reads the JSON between the first { and the last } into facts, as path=value:
# //data/users//role="admin". False unless it is whole.
parse() {
  local token last='' key='' path='' shape=''
  facts=('')
  [[ $output == *"{"*"}"* ]] || return 1
  while read -r token; do
    case $token in
      '') continue ;;
      '{' | '[') facts+=("$path/$key=$token") path+=/$key key='' shape+=$token ;;
      '}' | ']') facts+=("$path=$token") path=${path%/*} key='' shape+=$token ;;
      ,) key='' shape+=, ;;
      :) key=$last shape+=: ;;
      '"'*'"') last=${token:1:-1} shape+=S facts+=("$path/$key=$token") ;;
      true | false | null | [0-9-]*) shape+=L facts+=("$path/$key=$token") ;;
      *) return 1 ;;
    esac
  done < <(token=${output#*"{"} && printf %s "{${token%"}"*}}" | tr '\n\r\t' ' ' | sed -E '
    s/[^][{}:,"\\ A-Za-z0-9.()_+-]/?/g
    s/"([^"\\]|\\.)*"|[][{}:,]|[^][{}:," ]+/&\n/g')
  shape=$(printf %s "$shape" | sed -E ':a
    s/\{(S:[SLV](,S:[SLV])*)?\}|\[([SLV](,[SLV])*)?\]/V/g
    ta')
  [[ $shape == V ]]
}

has() { [[ $'\n'$(printf '%s\n' "${facts[@]}")$'\n' == *$'\n'"$1"$'\n'* ]]; }

ask() { # the CLI, without a login, for the list $1
  status=0
  output=$(timeout -k 5 40 "$cli" "${@:2}" 2>&1 </dev/null) || status=$?
  { ((status == 0)) && parse && has //error_code=0 && has "//data/$1=["; } || cli_failed cli-failed
}

find_kmsuser() { # sets kmsuser, and about: its names and values for report
  local fact name role locked coverage users=0
  kmsuser=absent about=()
  ask users user list
  for fact in "${facts[@]}"; do
    case $fact in
      '//data/users/={') name='' role='' locked='' coverage='' ;;
      //data/users//username=*) name=${fact#*=} ;;
      //data/users//role=*) role=${fact#*=} ;;
      //data/users//locked=*) locked=${fact#*=} ;;
      //data/users//cluster-coverage=*) coverage=${fact#*=} ;;
      '//data/users/=}')
        [[ $name == '"'?*'"' ]] || cli_failed cli-failed
        users=1
        [[ $name == '"kmsuser"' ]] || continue
        kmsuser=present
        about=(role "${role//[^a-zA-Z()_-]/}" locked "${locked//[^a-zA-Z()_-]/}"
          coverage "${coverage//[^a-zA-Z()_-]/}")
        ;;
    esac
  done
  ((users)) || cli_failed cli-failed # every cluster has an admin
}

count_hsms() {
  local fact
  hsms=0
  ask hsms cluster hsm-info
  for fact in "${facts[@]}"; do
    [[ $fact != //data/hsms//serial-number=* ]] || ((hsms += 1))
  done
}

read_hosts() { # the addresses that the CLI is configured with
  local text
  hosts=''
  text=$(tr -d ' \n\r\t' 2>/dev/null <"$config") || text=''
  while [[ $text =~ \"hostname\":\"([A-Za-z0-9.:-]+)\"(.*) ]]; do
    hosts+=" ${BASH_REMATCH[1]}" text=${BASH_REMATCH[2]}
  done
}

inspect() {
  local id public
  rm -rf "${base:?}/$stack" # older keys first: a late command must find none
  check_tools
  find_kmsuser
  count_hsms
  read_hosts
  mkdir "$base/$stack"
  id=$(date +%s)-$(openssl rand -hex 8)
  doomed=$base/$stack/$id.pem
  openssl genrsa -out "$doomed" 3072 2>/dev/null
  public=$(openssl rsa -in "$doomed" -pubout -outform DER 2>/dev/null | openssl base64 -A)
  doomed=''
  report inspected key "$id" publicKey "$public" hosts "${hosts# }" hsms "$hsms" kmsuser "$kmsuser" ${about[@]+"${about[@]}"}
}

use_key() { # opens the envelope with a key under ten minutes old, and ends the key
  local file=$base/$stack/$key.pem age text
  [[ -f $file && ! -L $file ]] || fail no-key
  age=$(($(date +%s) - 10#${key%-*}))
  ((age >= 0 && age < 600)) || fail no-key
  text=$(printf %s "$envelope" | base64 -d | openssl pkeyutl -decrypt -inkey "$file" \
    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 2>/dev/null) || text=''
  rm -rf "${base:?}/$stack"
  login=${text%%$'\n'*} password=${text#"$login"}
  password=${password#$'\n'}
  [[ $login =~ ^[A-Za-z0-9_]+: && $login != *: ]] || fail bad-envelope
  [[ $action == delete && -z $password || $action == create && $password =~ ^[A-Za-z0-9]{32}$ ]] ||
    fail bad-envelope
}

change() { # creates or deletes, with one login; the list says what came of it
  local wanted=absent done=absent said code
  [[ $action == delete ]] || wanted=present done=exists
  check_tools
  use_key
  find_kmsuser
  [[ $kmsuser != "$wanted" ]] || { report "$done" ${about[@]+"${about[@]}"} && return; }
  logins=1 code=0
  said=$(CLOUDHSM_ROLE=admin CLOUDHSM_PIN=$login timeout -k 5 40 "$cli" user "$action" --username kmsuser \
    --role crypto-user ${password:+--password "$password"} 2>&1 </dev/null) || code=$?
  find_kmsuser
  [[ $kmsuser == "$wanted" ]] || { output=$said status=$code && cli_failed "not-${action}d"; }
  [[ $action == delete ]] || { count_hsms && about+=(hsms "$hsms"); }
  report "${action}d" ${about[@]+"${about[@]}"}
}

main() {
  trap finish EXIT
  check_parameters
  [[ $key == none ]] || doomed=$base/$stack/$key.pem
  lock
  case $action in
    inspect) inspect ;;
    forget) rm -rf "${base:?}/$stack" && report forgotten ;;
    *) change ;;
  esac
}

main "$@"
