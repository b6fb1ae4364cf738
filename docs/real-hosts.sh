#!/bin/sh
# Ranks on hosts of their own: network namespaces joined by veth pairs and a bridge, Open MPI over
# TCP between them. Trains with one rank and with several, compares the bytes, then takes a link
# down in the middle of a run and shows that all ranks end, who was lost, and that the run goes on
# from its checkpoint. Wants root, Linux, ip (iproute2), Open MPI. Not a part of the tests.
#   docs/real-hosts.sh [HOSTS]     2 to 4, default 3
set -eu

hosts=${1:-3}
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
bridge=msbr0
say() { printf '[real-hosts] %s\n' "$*"; }

clean() {
  i=1
  while [ "$i" -le "$hosts" ]; do
    ip netns pids "ms$i" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
    ip netns del "ms$i" 2>/dev/null || true
    i=$((i + 1))
  done
  ip link del "$bridge" 2>/dev/null || true
  rm -rf "$work"
}
trap clean EXIT

# Host i is namespace ms<i> with the address 10.77.0.<i> and a name of its own.
ip link add "$bridge" type bridge
ip addr add 10.77.0.254/24 dev "$bridge"
ip link set "$bridge" up
i=1
while [ "$i" -le "$hosts" ]; do
  ip netns add "ms$i"
  ip link add "msv$i" type veth peer name eth0 netns "ms$i"
  ip link set "msv$i" master "$bridge" up
  ip netns exec "ms$i" ip addr add "10.77.0.$i/24" dev eth0
  ip netns exec "ms$i" ip link set eth0 up
  ip netns exec "ms$i" ip link set lo up
  i=$((i + 1))
done

# mpirun starts its daemons by this in the place of ssh: in the namespace of the address, under a
# host name of its own.
cat >"$work/agent" <<'AGENT'
#!/bin/sh
address=$1
shift
number=${address##*.}
exec ip netns exec "ms$number" unshare --uts sh -c "hostname ms$number; exec sh -c '$*'"
AGENT
chmod +x "$work/agent"

ranks() {
  list=
  i=1
  while [ "$i" -le "$hosts" ]; do
    list="$list${list:+,}10.77.0.$i:1"
    i=$((i + 1))
  done
  mpirun --allow-run-as-root -n "$hosts" --host "$list" --mca plm_rsh_agent "$work/agent" \
    --mca plm rsh --mca btl tcp,self --mca pml ob1 --mca btl_tcp_if_include 10.77.0.0/24 \
    --mca oob_tcp_if_include 10.77.0.0/24 --bind-to none \
    -x JAVA_OPTS -x PATH "$@"
}

run() { "${LAUNCHER:-$here/run}" "$@"; }
train="train --config tiny --phantom-clips 4 --threads 1 --set denoiserTraining.batch=4"
launcher=${LAUNCHER:-$here/run}

say "one rank"
# Unquoted on purpose: a list of words.
run $train --steps 4 --out "$work/one" >"$work/one.log" 2>&1
say "$hosts ranks on $hosts hosts over TCP"
ranks "$launcher" $train --steps 4 --out "$work/shared" >"$work/shared.log" 2>&1 ||
  { cat "$work/shared.log"; exit 1; }
for file in vae denoiser; do
  cmp "$work/one/$file.safetensors" "$work/shared/$file.safetensors"
done
say "the checkpoints are equal byte for byte"

say "a link goes down"
ranks "$launcher" $train --stage vae --steps 100000 --save-every 1 --out "$work/cut" \
  >"$work/cut.log" 2>&1 &
job=$!
while [ ! -f "$work/cut/vae.safetensors" ]; do
  kill -0 "$job" || { cat "$work/cut.log"; exit 1; }
  sleep 1
done
ip link set "msv$hosts" down
begun=$(date +%s)
while ip netns pids ms1 | xargs -r ps -o comm= -p 2>/dev/null | grep -q java; do
  [ $(($(date +%s) - begun)) -lt 60 ] || { say "ranks still run after 60 s"; exit 1; }
  sleep 1
done
say "the ranks of the first host ended $(($(date +%s) - begun)) s later, saying:"
grep -a 'gives no sign' "$work/cut.log" || cat "$work/cut.log"
kill -9 "$job" 2>/dev/null || true
i=1
while [ "$i" -le "$hosts" ]; do
  ip netns pids "ms$i" | xargs -r kill -9 2>/dev/null || true
  i=$((i + 1))
done

say "one rank goes on from the checkpoint, and one trains the same undisturbed"
step=$(grep -c '"stage":"vae"' "$work/cut/metrics.jsonl")
more=$((step + 2))
run $train --stage vae --steps "$more" --out "$work/cut" >"$work/on.log" 2>&1
run $train --stage vae --steps "$more" --out "$work/whole" >"$work/whole.log" 2>&1
cmp "$work/cut/vae.safetensors" "$work/whole/vae.safetensors"
say "equal after $more steps"
