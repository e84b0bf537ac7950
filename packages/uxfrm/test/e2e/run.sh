#!/bin/bash
# Two real charons over uxfrm, and uxfrm against strongSwan's own kernel-libipsec. Root; makes and removes the
# namespaces uxt-a, uxt-b and uxt-r. BENCH=1 adds throughput figures; KEEP=1 keeps the logs; SCENARIOS="outer router"
# runs only these (survives_charon goes on from two_tunnels). Last line: "N passed, N failed".
set -u
. "$(dirname "$0")/lab.sh"
passed=0 failed=0
trap lab_down EXIT

check() { # NAME COMMAND...
    local name=$1; shift
    if "$@" >"$work/check.out" 2>&1; then
        say "ok      $name"; passed=$((passed + 1))
    else
        say "FAILED  $name"; failed=$((failed + 1))
        tail -n 15 "$work/check.out" "$work"/*/charon.log "$work"/*/uxfrm.log 2>/dev/null
    fi
}

finish() { say "$passed passed, $failed failed"; [ "$failed" = 0 ]; exit; }

logged() { grep -q "$2" "$work/$1/uxfrm.log"; }
count_logged() { grep -c "$2" "$work/$1/uxfrm.log"; }
mtu_is() { [ "$(cat_mtu "$1" "$2")" = "$3" ]; }
cat_mtu() { ip -n "uxt-$1" -o link show "$2" | sed 's/.* mtu \([0-9]*\) .*/\1/'; }
lossless() { tail -n 2 "$1"; grep -q " 0% packet loss" "$1"; }

start_pair() { # both ends uxfrm, with the children and connection settings of the caller
    local end
    for end in a b; do
        write_strongswan_conf "$end" kernel-netlink
        write_swanctl_conf "$end" yes
        start_charon "$end" "$build/uxfrm-shim.so" && load "$end" || return 1
    done
}
stop_pair() { stop charon-a; stop charon-b; }

scenario_start() {
    local end
    for end in a b; do
        check "$end: uxfrm starts" start_uxfrm "$end" --stale-sa-seconds 4
        add_tuns "$end"
    done
    check "a second uxfrm is refused" refuse_second_uxfrm
}
refuse_second_uxfrm() { ! in_ns a "$build/uxfrm" --control "$work/a/control2"; }

scenario_control() {
    check "only CAP_NET_ADMIN is left" grep -qE '^CapPrm:\s*000000000000[15]000' "/proc/${pid_of[uxfrm-a]}/status"
    check "nor can any be had" grep -qE '^CapBnd:\s*000000000000[15]000' "/proc/${pid_of[uxfrm-a]}/status"
    check "system calls are filtered" grep -qE '^Seccomp:\s*2' "/proc/${pid_of[uxfrm-a]}/status"
    check "memory is locked" grep -qE '^VmLck:\s*[1-9]' "/proc/${pid_of[uxfrm-a]}/status"
    check "AES-GCM has a name" replies '"gcm":"' '{"command":"stats"}'
    check "tun-add is idempotent" replies '"ok":true' '{"command":"tun-add","name":"vpnx-1","if_id":11,"mtu":1434}'
    check "tun-add names a wrong if_id" replies '"error":"if_id:' '{"command":"tun-add","name":"vpnx-1","if_id":99,"mtu":1434}'
    check "tun-add names a wrong name" replies '"error":"name:' '{"command":"tun-add","name":"vpnx-9","if_id":11,"mtu":1434}'
    check "tun-add takes no foreign device" replies '"error":"name:' '{"command":"tun-add","name":"wan","if_id":99,"mtu":1434}'
    check "tun-remove takes no foreign device" replies '"error":"name:' '{"command":"tun-remove","name":"wan"}'
    control a '{"command":"tun-add","name":"vpnx-3","if_id":13,"mtu":1400}' >/dev/null
    check "a device comes" ip -n uxt-a link show vpnx-3
    check "with its MTU" mtu_is a vpnx-3 1400
    check "a lower bound takes effect" eval 'replies ok "{\"command\":\"tun-add\",\"name\":\"vpnx-3\",\"if_id\":13,\"mtu\":1300}" && mtu_is a vpnx-3 1300'
    check "tun-remove" replies '{"ok":true}' '{"command":"tun-remove","name":"vpnx-3"}'
    check "the device is gone" eval '! ip -n uxt-a link show vpnx-3'
    check "tun-remove of an absent device" replies '{"ok":true}' '{"command":"tun-remove","name":"vpnx-3"}'
    control a '{"command":"tun-add","name":"vpnx-3","if_id":13,"mtu":1400}' >/dev/null
    ip -n uxt-a link del vpnx-3
    check "a device deleted by others is noticed" wait_for 3 logged a tun-lost
    check "uxfrm lives on" replies '{"ok":true}' '{"command":"ping"}'
}
replies() { control a "$2" | grep -F -- "$1"; }

scenario_two_tunnels() {
    check "charons start on uxfrm" start_pair
    check "t1 comes up" swan a --initiate --child t1
    check "t2 comes up" swan b --initiate --child t2
    check "IPv4 through t1" ping_ok a 10.2.1.1
    check "IPv6 through t1" ping_ok a fd02:1::1
    check "IPv4 through t2, from the other end" ping_ok b 10.1.2.1
    check "large packets are fragmented inside" ping_ok a 10.2.1.1 -s 3000
    check "packets are counted for IKE" sa_has_traffic
    check "nothing is dropped on the way in" no_inbound_drops
}
sa_has_traffic() { swan a --list-sas | grep -q 'in  .* [1-9][0-9]* packets'; }
no_inbound_drops() { local stats; stats=$(control "${1:-a}" '{"command":"stats"}' | grep XfrmInNoStates) && echo "$stats" && ! grep -q '"XfrmIn[A-Za-z]*":[1-9]' <<<"$stats"; }

scenario_survives_charon() {
    stop charon-a KILL 2>/dev/null
    check "tunnels forward without charon" ping_ok a 10.2.1.1
    check "a new charon starts" eval 'start_charon a "$build/uxfrm-shim.so" && load a'
    check "tunnels forward until renegotiated" ping_ok a 10.2.1.1
    check "t1 comes up again" swan a --initiate --child t1
    check "what the dead charon installed is removed" wait_for 8 logged a stale-removed
    check "t1 forwards after that" ping_ok a 10.2.1.1
    stop_pair
    check "an orderly charon removes its SAs" eval '[ "$(control a "{\"command\":\"stats\"}" | grep -o "\"spi\"" | wc -l)" = 0 ]'
}

scenario_survives_uxfrm() {
    stop uxfrm-a
    check "the device survives uxfrm" ip -n uxt-a link show vpnx-1
    check "uxfrm starts again" start_uxfrm a --stale-sa-seconds 4
    add_tuns a
    check "t1 comes up on the old device" eval 'start_pair && swan a --initiate --child t1 && ping_ok a 10.2.1.1'
    local charon=${pid_of[charon-a]}
    stop uxfrm-a KILL 2>/dev/null
    check "charon ends with uxfrm" wait_for 3 eval "! kill -0 $charon"
    unset "pid_of[charon-a]"
    stop charon-b
    start_uxfrm a --stale-sa-seconds 4; add_tuns a
}

scenario_rekey_and_trap() {
    child1='esp_proposals = aes256gcm16-esn
        rekey_time = 4s
        life_time = 8s
        replay_window = 2048'
    child2='esp_proposals = aes128-sha256
        life_packets = 300
        rekey_packets = 200
        rand_packets = 10
        start_action = trap'
    check "charons start with a trap" start_pair
    check "t1 with ESN comes up" swan a --initiate --child t1
    check "traffic brings t2 up and waits for it" eval 'in_ns a ping -q -i 0.2 -c 10 -W 5 10.2.2.1 >"$work/trap"; lossless "$work/trap"'
    check "that was an ACQUIRE" logged a '"acquire"'
    (in_ns a ping -q -i 0.02 -c 700 -W 2 10.2.1.1 >"$work/ping1" &
     in_ns a ping -q -i 0.02 -c 700 -W 2 10.2.2.1 >"$work/ping2" & wait)
    check "t1 loses nothing over rekeys by time" lossless "$work/ping1"
    check "t2 loses nothing over rekeys by packets" lossless "$work/ping2"
    check "soft lifetimes expired" eval '[ "$(count_logged a "sa-expired.*\"hard\":false")" -ge 4 ]'
    stop_pair
}

scenario_algorithms() {
    local proposal
    child2='esp_proposals = aes128gcm16'
    for proposal in aes192gcm16 aes256gcm16 aes128gcm8 aes128-sha1 aes256-sha256 aes192-sha384 aes256-sha512 \
        aes128-md5 3des-sha1 null-sha256 chacha20poly1305 aes128-sha256-esn; do
        child1="esp_proposals = $proposal
        rekey_time = 1h"
        check "$proposal" eval 'start_pair && swan a --initiate --child t1 && ping_ok a 10.2.1.1 -s 1200 && stop_pair'
        [ -z "${pid_of[charon-a]:-}" ] || stop_pair
    done
}

# Both families inside, over what $encap and $outer_prefix say; the wire is looked at to see which protocol it is.
check_outer() { # NAME TCPDUMP-FILTER OTHER-FILTER
    check "$1: comes up" eval 'start_pair && swan a --initiate --child t1'
    count_on_wire "$2"; count_on_wire "$3"
    check "$1: IPv4 inside" ping_ok a 10.2.1.1 -s 1200
    check "$1: IPv6 inside" ping_ok b fd01:1::1
    check "$1: large packets" ping_ok a 10.2.1.1 -s 4000
    check "$1: TCP" eval 'IPERF_SECONDS=1 iperf 1 10.2.1.1 10.1.1.1'
    check "$1: that is what was on the wire" [ "$(counted_on_wire "$2")" -gt 20 ]
    check "$1: and nothing else" [ "$(counted_on_wire "$3")" = 0 ]
    check "$1: nothing is dropped on the way in" no_inbound_drops
    in_ns a nft delete table inet wire
    stop_pair
}
count_on_wire() { # nft EXPRESSION
    in_ns a nft "add table inet wire; add chain inet wire out { type filter hook output priority 0; };
        add rule inet wire out oifname wan $1 counter"
}
counted_on_wire() { in_ns a nft list table inet wire | grep -F "$1" | sed 's/.*packets \([0-9]*\) .*/\1/'; }

scenario_outer() {
    child1= child2=
    local esp='meta l4proto esp' udp='udp dport 4500'
    encap=no check_outer "plain ESP over IPv4" "$esp" "$udp"
    outer_prefix=2001:db8:: check_outer "UDP over IPv6" "$udp" "$esp"
    encap=no outer_prefix=2001:db8:: check_outer "plain ESP over IPv6" "$esp" "$udp"
}

scenario_mapping() {
    child1= child2=
    check "t1 is up for the NAT change" eval 'start_pair && swan a --initiate --child t1 && ping_ok a 10.2.1.1'
    in_ns a nft -f - <<'EOF'
table ip nat {
  chain post {
    type nat hook postrouting priority 100;
    oifname "wan" udp sport 4500 snat to :5001
  }
}
EOF
    check "traffic goes on from the new port" eval 'ping_ok a 10.2.1.1 -c 10; ping_ok a 10.2.1.1 -c 10'
    check "that was a MAPPING" logged b '"mapping"'
    in_ns a nft delete table ip nat
    stop_pair
}

scenario_path_mtu() {
    ip -n uxt-a link set wan mtu 1300; ip -n uxt-b link set wan mtu 1300
    check "t1 is up on a narrow path" eval 'start_pair && swan a --initiate --child t1'
    # The tunnel carries 1238, less than IPv6 may ask for; below 1280 the kernel would take IPv6 off the device.
    check "the device follows the path, down to what IPv6 needs" wait_for 3 mtu_is a vpnx-1 1280
    check "IPv6 still has its route" ping_ok a fd02:1::1
    check "IPv4 packets that must not be fragmented are answered" says_mtu 1238 a 10.2.1.1 -M do -s 1240
    check "the next one by the kernel itself" says_mtu 1238 a 10.2.1.1 -M do -s 1240
    check "the largest one passes" ping_ok a 10.2.1.1 -M do -s 1210
    check "others get outer fragments" ping_ok a 10.2.1.1 -M dont -s 1250
    check "so do IPv6 packets up to 1280" ping_ok a fd02:1::1 -s 1232
    check "larger ones inner fragments as well" ping_ok a 10.2.1.1 -M dont -s 2500
    check "TCP finds its way" eval 'IPERF_SECONDS=1 iperf 1 10.2.1.1 10.1.1.1'
    check "fragments from outside are put together" [ "$(reassembled b)" -gt 0 ]
    stop_pair
    ip -n uxt-a link set wan mtu 1500; ip -n uxt-b link set wan mtu 1500
    forget_paths
}
forget_paths() { ip -n uxt-a route flush cache; ip -n uxt-a -6 route flush cache; }
says_mtu() { # MTU END TARGET OPTION...
    in_ns "$2" ping -c 1 -W 2 "${@:4}" "$3" 2>&1 | grep -Ei "mtu ?= ?$1"
}
reassembled() { in_ns "$1" cat /proc/net/snmp | sed -n '/^Ip: [0-9]/p' | cut -d' ' -f16; }

# A router in between has the narrow link, and only its ICMP says so.
router_up() {
    local end link prefix bits
    ip netns add uxt-r
    in_ns r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    for end in a b; do
        link=to-$end
        ip -n uxt-r link add "$link" type veth peer name router netns "uxt-$end"
        for prefix in 198.51.100.:32 2001:db8:1:::128; do
            bits=${prefix##*:} prefix=${prefix%:*}
            local me=1 peer=2
            [ "$end" = a ] || { me=2; peer=1; }
            ip -n uxt-r addr add "${prefix}254/$bits" dev "$link" nodad
            ip -n "uxt-$end" addr add "$prefix$me/$bits" dev router nodad
            ip -n "uxt-$end" link set router up; ip -n uxt-r link set "$link" up
            ip -n uxt-r route add "$prefix$me" dev "$link"
            ip -n "uxt-$end" route add "$prefix$peer" via "${prefix}254" dev router onlink
        done
    done
}
router_down() { ip netns del uxt-r; }

check_router() { # NAME INNER-MTU-BEFORE INNER-MTU
    ip -n uxt-r link set to-b mtu 1500
    check "$1: comes up" eval 'start_pair && swan a --initiate --child t1 && ping_ok a 10.2.1.1'
    check "$1: wide at first" mtu_is a vpnx-1 "$2"
    ip -n uxt-r link set to-b mtu 1400
    ping_ok a 10.2.1.1 -M do -s "$(($2 - 28))" -c 1
    check "$1: the device follows the router's ICMP at once" wait_for 2 mtu_is a vpnx-1 "$3"
    check "$1: the sender is told" says_mtu "$3" a 10.2.1.1 -M do -s "$(($2 - 28))"
    check "$1: what fits passes" ping_ok a 10.2.1.1 -M do -s "$(($3 - 28))"
    stop_pair
    forget_paths
}

scenario_router() {
    local connection='mobike = no'    # it would move to the direct link
    child1= child2=
    check "a router in between" router_up
    outer_prefix=198.51.100. check_router "UDP over IPv4" 1434 1338
    outer_prefix=198.51.100. encap=no check_router "plain ESP over IPv4" 1434 1346
    outer_prefix=2001:db8:1:: check_router "UDP over IPv6" 1418 1318
    outer_prefix=2001:db8:1:: encap=no check_router "plain ESP over IPv6" 1426 1326
    router_down
}

# Threads share the SAs: rekeys under traffic, in both directions, over two tunnels.
scenario_workers() {
    restart_pair "--workers 4"
    check "four workers, the control thread and the one of slow calls" [ "$(threads_of a | wc -l)" = 6 ]
    check "the filter holds for all of them" each_thread_has a '^Seccomp:\s*2'
    check "no thread has more than CAP_NET_ADMIN" each_thread_has a '^CapPrm:\s*000000000000[15]000'
    # One end rekeys: where both begin at a time, a responder may use an SA that the other end has given up again.
    local child1_b='esp_proposals = aes128gcm16-esn' child2_b='esp_proposals = aes128-sha256'
    child1="$child1_b
        rekey_time = 3s
        rand_time = 1s
        life_time = 20s"
    child2="$child2_b
        life_packets = 8000
        rekey_packets = 1000
        rand_packets = 10"
    check "charons start on four workers" start_pair
    check "t1 and t2 come up" eval 'swan a --initiate --child t1 && swan b --initiate --child t2'
    check "IPv4 and IPv6" eval 'ping_ok a 10.2.1.1 && ping_ok b fd01:2::1'
    udp_stream 10.2.1.1 10.1.1.1 >"$work/udp1" & local udp1=$!
    udp_stream 10.2.2.1 10.1.2.1 >"$work/udp2" & local udp2=$!
    (in_ns a ping -q -i 0.02 -c 600 -W 2 10.2.1.1 >"$work/ping1" &
     in_ns a ping -q -i 0.02 -c 600 -W 2 10.2.2.1 >"$work/ping2" & wait)
    wait "$udp1" "$udp2"
    check "t1 loses nothing over rekeys by time" lossless "$work/ping1"
    check "t2 loses nothing over rekeys by packets" lossless "$work/ping2"
    check "soft lifetimes expired" eval '[ "$(count_logged a "sa-expired.*\"hard\":false")" -ge 4 ]'
    local net
    for net in 1 2; do
        check "what went into t$net came out" wait_for 3 same_packets "vpnx-$net"
        check "in its order" in_order "$work/udp$net"
    done
    check "nothing was dropped on the way in" eval 'no_inbound_drops a && no_inbound_drops b'
    check "TCP over both at a time" eval 'IPERF_SECONDS=2 iperf 4 10.2.1.1 10.1.1.1 & IPERF_SECONDS=2 iperf 4 10.2.2.1 10.1.2.1 && wait $!'
    check "and nothing taken for a replay" eval 'no_replays a && no_replays b'
    check "several workers have worked" [ "$(busy_threads a)" -ge 3 ]
    stop_pair
    local pid=${pid_of[uxfrm-a]}
    restart_pair
    check "a stopped uxfrm has ended in order" eval "! kill -0 $pid && logged a '\"event\":\"stopped\"'"
}
restart_pair() { # OPTIONS
    local end uxfrm_options=${1:-}
    for end in a b; do
        stop "uxfrm-$end"
        check "$end: uxfrm starts with '$uxfrm_options'" start_uxfrm "$end" --stale-sa-seconds 4
        add_tuns "$end"
    done
}
no_replays() { control "$1" '{"command":"stats"}' | grep '"XfrmInStateSeqError":0,'; }
threads_of() { ls "/proc/${pid_of[uxfrm-$1]}/task"; }
each_thread_has() { # END PATTERN
    local thread
    [ -n "$(threads_of "$1")" ] || return 1
    for thread in $(threads_of "$1"); do grep -qE "$2" "/proc/$thread/status" || return 1; done
}
busy_threads() { # END: how many have used the processor
    local thread
    for thread in $(threads_of "$1"); do
        [ "$(cut -d' ' -f1 "/proc/${pid_of[uxfrm-$1]}/task/$thread/schedstat")" -lt 1000000 ] || echo "$thread"
    done | wc -l
}
udp_stream() { # TARGET SOURCE: numbered packets, slow enough for a busy receiver
    in_ns b timeout 60 iperf3 -s -1 -B "$1" >/dev/null 2>&1 &
    local server=$!
    wait_for 10 eval "in_ns b ss -Hltn src $1:5201 | grep -q LISTEN"
    in_ns a iperf3 -J -u -b 4M -l 1200 -t 12 -c "$1" -B "$2"
    wait $server
}
in_order() { # iperf3 -J output
    perl -MJSON::PP -e 'local $/; my $s = decode_json(<STDIN>)->{end}{streams}[0]{udp};
        exit !($s->{packets} > 1000 && $s->{out_of_order} == 0)' <"$1"
}
same_packets() { # TUN: what a has put into the tunnel, b has taken out, and the other way round
    [ "$(tun_counter a "$1" tx_packets)" -gt 1000 ] && [ "$(tun_counter a "$1" tx_packets)" = "$(tun_counter b "$1" rx_packets)" ] && [ "$(tun_counter b "$1" tx_packets)" = "$(tun_counter a "$1" rx_packets)" ]
}
tun_counter() { # END TUN COUNTER
    control "$1" '{"command":"stats"}' | perl -MJSON::PP -e 'my ($t) = grep { $_->{name} eq $ARGV[0] } @{decode_json(<STDIN>)->{tuns}}; print $t->{$ARGV[1]}' "$2" "$3"
}

scenario_libipsec_peer() {
    child1= child2=
    stop uxfrm-b
    ip -n uxt-b link del vpnx-1; ip -n uxt-b link del vpnx-2
    write_strongswan_conf a kernel-netlink; write_swanctl_conf a yes
    routing_table=220 write_strongswan_conf b "kernel-libipsec kernel-netlink"
    local_ts=10.2.1.0/24,fd02:1::/64 remote_ts=10.1.1.0/24,fd01:1::/64 write_swanctl_conf b ''
    check "kernel-libipsec starts as the other end" eval 'start_charon a "$build/uxfrm-shim.so" && load a && start_charon b && load b'
    ip -n uxt-b route add 10.1.1.0/24 dev ipsec0 src 10.2.1.1 2>/dev/null
    ip -n uxt-b -6 route add fd01:1::/64 dev ipsec0 src fd02:1::1 2>/dev/null
    check "t1 comes up with it" swan a --initiate --child t1
    check "IPv4 through it" ping_ok a 10.2.1.1
    check "IPv6 through it" ping_ok a fd02:1::1
    check "TCP through it" eval 'IPERF_SECONDS=1 iperf 1 10.2.1.1 10.1.1.1'
    [ -z "${BENCH:-}" ] || bench "uxfrm to kernel-libipsec"
    stop_pair
}

bench() { # NAME
    say "$1: TCP 1 stream $(iperf 1 10.2.1.1 10.1.1.1) Gbit/s, 4 streams $(iperf 4 10.2.1.1 10.1.1.1) Gbit/s," \
        "ping $(in_ns a ping -q -c 200 -i 0.005 10.2.1.1 | sed -n 's|.*= [0-9.]*/\([0-9.]*\)/.*|\1|p') ms"
}

scenario_bench() {
    child1= child2=
    say "plain: TCP 1 stream $(iperf 1 192.0.2.2 192.0.2.1) Gbit/s"
    start_pair >/dev/null && swan a --initiate --child t1 >/dev/null && bench "uxfrm to uxfrm"
    stop_pair
}

scenario_bench_libipsec() {
    local end
    stop uxfrm-a
    ip -n uxt-a link del vpnx-1; ip -n uxt-a link del vpnx-2
    routing_table=220 write_strongswan_conf a "kernel-libipsec kernel-netlink"
    local_ts=10.1.1.0/24 remote_ts=10.2.1.0/24 write_swanctl_conf a ''
    start_charon a >/dev/null && load a >/dev/null && start_charon b >/dev/null && load b >/dev/null
    swan a --initiate --child t1 >/dev/null
    ip -n uxt-a route add 10.2.1.0/24 dev ipsec0 src 10.1.1.1 2>/dev/null
    ip -n uxt-b route add 10.1.1.0/24 dev ipsec0 src 10.2.1.1 2>/dev/null
    bench "kernel-libipsec to kernel-libipsec"
    stop_pair
}

check "namespaces" lab_up
scenario_start
for scenario in ${SCENARIOS:-control two_tunnels survives_charon survives_uxfrm rekey_and_trap algorithms outer mapping path_mtu router workers}; do
    "scenario_$scenario"
done
[ -z "${BENCH:-}" ] || scenario_bench
[ -n "${SCENARIOS:-}" ] || scenario_libipsec_peer
[ -z "${BENCH:-}" ] || scenario_bench_libipsec
finish
