/ip/ipsec/profile/add name="cloud p1" hash-algorithm=sha512 prf-algorithm=sha256 enc-algorithm=aes-256,aes-128 dh-group=ecp256,modp2048 \
  lifetime=1d dpd-interval=10s dpd-maximum-failures=3 proposal-check=obey
/ip/ipsec/proposal/add name=p2 auth-algorithms="" enc-algorithms=aes-256-gcm pfs-group=ecp256 lifetime=4h
/ip/ipsec/peer/add name=cloud address=203.0.113.17 exchange-mode=ike2 profile="cloud p1" send-initial-contact=yes
/ip/ipsec/identity/add peer=cloud auth-method=pre-shared-key secret="blue-Heron_57/tide" my-id=fqdn:branch.example.org remote-id=fqdn:cloud.example.org
/ip ipsec policy
add src-address=192.168.1.0/24 dst-address=10.0.1.0/24 tunnel=yes action=encrypt level=unique proposal=p2 peer=cloud
add src-address=192.168.2.0/24 dst-address=10.0.1.0/24 tunnel=yes action=encrypt level=unique proposal=p2 peer=cloud
add src-address=192.168.9.0/24 dst-address=10.0.9.0/24 tunnel=yes proposal=p2 peer=cloud disabled=yes
