#!/bin/sh
# A small CA made of openssl that issues only what people have approved in Slack. It calls Countersign to submit, wait and report.
#
#   COUNTERSIGN_URL=http://127.0.0.1:3000 COUNTERSIGN_TOKEN=csgn_… REQUESTER=nadia@example.com RESOURCE=public-web \
#     docs/examples/gated-issuance.sh server.csr ca.pem ca.key server.pem "The old one ends on Friday."
#
# The token needs the scopes requests:submit, requests:read and operations:report. Needs curl, openssl and python3.
set -eu
csr=$1 ca=$2 ca_key=$3 out=$4 reason=$5
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

call() { # METHOD PATH [curl arguments]: prints the answer; prints an error (RFC 9457) and exits
    method=$1 path=$2; shift 2
    said=$(curl --silent --show-error --fail-with-body -X "$method" "$COUNTERSIGN_URL$path" \
        -H "Authorization: Bearer $COUNTERSIGN_TOKEN" -H "Content-Type: application/json" "$@") ||
        { printf "%s\n" "$said" >&2; exit 1; }
    printf "%s" "$said"
}
field() { python3 -c 'import json, sys; value = json.load(sys.stdin)
for part in sys.argv[1].split("."): value = value[part]
print(value)' "$1"; }

# 1. Submit. The key is derived from the request, so running this script again does not submit it twice.
python3 - "$csr" "$reason" > "$work/request" <<'PYTHON'
import json, os, sys
print(json.dumps({
    "operation": "issue", "resource": os.environ["RESOURCE"], "requester": os.environ["REQUESTER"],
    "reason": sys.argv[2], "csr": open(sys.argv[1]).read(),
}))
PYTHON
answer=$(call POST /v1/requests -H "Idempotency-Key: $(openssl dgst -sha256 -r "$work/request" | cut -c1-64)" --data "@$work/request")
id=$(printf "%s" "$answer" | field id) where=$(printf "%s" "$answer" | field url)

# 2. Wait.
while status=$(printf "%s" "$answer" | field status); [ "$status" = waiting_for_approval ]; do
    [ -n "${told:-}" ] || echo "$id waits for approval in Slack."
    told=yes
    sleep "${POLL_SECONDS:-5}"
    answer=$(call GET "$where")
done
[ "$status" = approved ] || { echo "$id was $status." >&2; exit 1; }
# One approval, one certificate: carry out only a released operation.
operation=$(printf "%s" "$answer" | field operation_status)
[ "$operation" = released ] || { echo "$id is $operation already. Give another reason to ask anew." >&2; exit 1; }

# Issue exactly what was approved: use the CSR from Countersign, because the file may have changed.
printf "%s" "$answer" | field content.csr > "$work/approved.csr"
openssl x509 -req -in "$work/approved.csr" -CA "$ca" -CAkey "$ca_key" -days 90 -copy_extensions copy -out "$out" 2>/dev/null

# 3. Report: the requester gets the certificate in Slack.
python3 - "$out" "$(printf "%s" "$answer" | field content.digest)" > "$work/result" <<'PYTHON'
import json, sys
print(json.dumps({"status": "executed", "digest": sys.argv[2], "certificate": open(sys.argv[1]).read()}))
PYTHON
call POST "$where/result" --data "@$work/result" > /dev/null
echo "Issued: $out"
