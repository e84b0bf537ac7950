# /etc/ipsec.d/cloud-updown.sh: what Libreswan does itself, then the route; with it, the interface lives as long as the daemon.
ipsec _updown
case $PLUTO_VERB in
  route-client)
    ip link set "$PLUTO_VIRT_INTERFACE" mtu 1400 up
    ip route replace 10.0.0.0/16 dev "$PLUTO_VIRT_INTERFACE"
    ;;
esac
