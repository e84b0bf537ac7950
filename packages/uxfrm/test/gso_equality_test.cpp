#include <gtest/gtest.h>

#include <map>
#include <random>

#include "coalescer.h"
#include "kernel_segmentation.h"
#include "segmenter.h"

namespace uxfrm {
namespace {

constexpr uint8_t tcp_fin = 0x01, tcp_psh = 0x08, tcp_ack = 0x10;
constexpr uint8_t ecn_ce_capable = 0x02;

/** All random choices of one round, so that a failure can be had again by its number. */
class Choice {
public:
    explicit Choice(unsigned round) : random_(round) {}

    size_t between(size_t low, size_t high) { return low + random_() % (high - low + 1); }
    bool one_in(unsigned n) { return random_() % n == 0; }
    uint32_t word() { return static_cast<uint32_t>(random_()); }
    template <typename T>
    T of(std::initializer_list<T> values) {
        return values.begin()[random_() % values.size()];
    }
    Bytes bytes(size_t length) {
        Bytes result(length);
        for (uint8_t& byte : result) byte = static_cast<uint8_t>(random_());
        return result;
    }

private:
    std::mt19937 random_;
};

Bytes timestamps(uint32_t value, uint32_t echo) {
    Bytes option = from_hex("0101080a0000000000000000");
    store_be32(&option[4], value);
    store_be32(&option[8], echo);
    return option;
}

Bytes random_options(Choice& choice) {
    switch (choice.between(0, 3)) {
        case 0: return {};
        case 1: return from_hex("0101050a") + choice.bytes(8);  // SACK
        case 2: return timestamps(choice.word(), choice.word()) + from_hex("01010512") + choice.bytes(16);
        default: return timestamps(choice.word(), choice.word());
    }
}

struct SuperPacket {
    VirtioHeader header;
    Bytes bytes;
};

/** As the kernel hands it out: the checksum field has the sum of the pseudo header only. */
void leave_checksum_to_the_device(SuperPacket& super, uint8_t protocol, size_t offset) {
    const bool v4 = super.bytes[0] >> 4 == 4;
    super.header.flags = VirtioHeader::needs_checksum;
    super.header.checksum_start = v4 ? 20 : 40;
    super.header.checksum_offset = static_cast<uint16_t>(offset);
    const uint16_t pseudo =
        checksum_fold(pseudo_header_sum(super.bytes.data(), protocol, super.bytes.size() - super.header.checksum_start));
    std::memcpy(&super.bytes[super.header.checksum_start + offset], &pseudo, sizeof(pseudo));
}

void choose_ip_fields(Choice& choice, Bytes& packet) {
    if (packet[0] >> 4 == 4) {
        if (choice.one_in(2)) store_be16(&packet[6], 0x4000);
        packet[8] = static_cast<uint8_t>(choice.between(2, 255));
        set_ipv4_checksum(packet.data(), 20);
    } else {
        store_be16(&packet[2], static_cast<uint16_t>(choice.word()));  // flow label
        packet[7] = static_cast<uint8_t>(choice.between(2, 255));
    }
}

SuperPacket random_tcp(Choice& choice) {
    const bool v6 = choice.one_in(2);
    TcpFields fields;
    fields.sequence = choice.one_in(4) ? 0xffffff00 : choice.word();
    fields.acknowledgement = choice.word();
    fields.window = static_cast<uint16_t>(choice.word());
    fields.options = random_options(choice);
    fields.flags = static_cast<uint8_t>(tcp_ack | (choice.word() & 0xe9));  // CWR ECE URG PSH FIN
    const size_t segment_size = choice.of<size_t>({536, 1000, 1331, 1388, 1448, 8948});
    const size_t payload = choice.one_in(4) ? segment_size * choice.between(2, 5) : choice.between(segment_size + 1, 60000);
    SuperPacket super;
    super.bytes = tcp_packet(v6 ? "fd01::1" : "10.1.0.1", v6 ? "fd02::1" : "10.2.0.1", fields, choice.bytes(payload),
                             static_cast<uint16_t>(choice.one_in(3) ? 0xfff0 : choice.word()),
                             static_cast<uint8_t>(choice.of({0, ecn_ce_capable + 0, 0xb8})));
    choose_ip_fields(choice, super.bytes);
    super.header.gso_type = v6 ? VirtioHeader::gso_tcp6 : VirtioHeader::gso_tcp4;
    if ((fields.flags & 0x80) != 0) super.header.gso_type = static_cast<uint8_t>(super.header.gso_type | VirtioHeader::gso_ecn);
    super.header.gso_size = static_cast<uint16_t>(segment_size);
    super.header.header_length = static_cast<uint16_t>(super.bytes.size() - payload);
    leave_checksum_to_the_device(super, IPPROTO_TCP, 16);
    return super;
}

/** Makes the sum over a UDP segment with even payload come out as 0, which is sent as 0xffff. */
void tune_to_zero_checksum(Bytes& payload, size_t segment_size, const std::string& from, const std::string& to) {
    const Bytes alone = udp_packet(from, to, Bytes(payload.begin(), payload.begin() + static_cast<long>(segment_size)));
    uint16_t checksum, word;
    std::memcpy(&checksum, &alone[alone.size() - segment_size - 2], sizeof(checksum));
    std::memcpy(&word, &payload[segment_size - 2], sizeof(word));
    word = checksum_fold(uint64_t{word} + checksum);
    std::memcpy(&payload[segment_size - 2], &word, sizeof(word));
}

SuperPacket random_udp(Choice& choice) {
    const bool v6 = choice.one_in(2);
    const std::string from = v6 ? "fd01::1" : "10.1.0.1", to = v6 ? "fd02::1" : "10.2.0.1";
    const size_t segment_size = choice.of<size_t>({512, 700, 1001, 1200, 1452});
    Bytes payload = choice.bytes(segment_size * choice.between(1, 30) + choice.between(1, segment_size));
    if (segment_size % 2 == 0 && choice.one_in(3)) tune_to_zero_checksum(payload, segment_size, from, to);
    SuperPacket super;
    super.bytes = udp_packet(from, to, payload, static_cast<uint16_t>(choice.word()));
    choose_ip_fields(choice, super.bytes);
    super.header.gso_type = VirtioHeader::gso_udp;
    super.header.gso_size = static_cast<uint16_t>(segment_size);
    super.header.header_length = static_cast<uint16_t>(super.bytes.size() - payload.size());
    leave_checksum_to_the_device(super, IPPROTO_UDP, 6);
    return super;
}

std::vector<Bytes> segments_of(const SuperPacket& super) {
    const auto inner = parse_inner_packet(super.bytes.data(), super.bytes.size());
    const auto plan = inner ? Segmenter::plan(super.header, super.bytes.data(), *inner) : std::nullopt;
    std::vector<Bytes> segments;
    for (size_t i = 0; plan && i < plan->count(); ++i) {
        Bytes segment(plan->length(i));
        plan->write(i, segment.data());
        segments.push_back(one_hop_further(segment));
    }
    return segments;
}

/** Equal packets, or where they differ. */
void expect_equal(const std::vector<Bytes>& ours, const std::vector<Bytes>& kernels) {
    ASSERT_EQ(ours.size(), kernels.size());
    for (size_t i = 0; i < ours.size(); ++i) {
        ASSERT_EQ(ours[i].size(), kernels[i].size()) << "packet " << i;
        const auto difference = std::mismatch(ours[i].begin(), ours[i].end(), kernels[i].begin());
        ASSERT_EQ(difference.first, ours[i].end())
            << "packet " << i << " of " << ours.size() << ", byte " << difference.first - ours[i].begin() << ": " << int{*difference.first}
            << ", the kernel has " << int{*difference.second};
    }
}

class GsoEquality : public testing::Test {
protected:
    void SetUp() override {
        if (!kernel) GTEST_SKIP() << "needs root";
    }
    void check_segments(const SuperPacket& super) {
        const auto ours = segments_of(super);
        ASSERT_FALSE(ours.empty());
        expect_equal(ours, kernel.forward(super.header, super.bytes, ours.size()));
    }

    KernelSegmentation kernel;
};

TEST_F(GsoEquality, TcpIsCutAsTheKernelCutsIt) {
    for (unsigned round = 0; round < 400 && !HasFatalFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        Choice choice(round);
        check_segments(random_tcp(choice));
    }
}

TEST_F(GsoEquality, UdpIsCutAsTheKernelCutsIt) {
    if (!kernel.cuts_udp()) GTEST_SKIP() << "a kernel without USO";
    for (unsigned round = 0; round < 300 && !HasFatalFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        Choice choice(round);
        check_segments(random_udp(choice));
    }
}

/** A single packet whose checksum is left to the device, TCP or UDP. */
TEST_F(GsoEquality, ChecksumsAreCompletedAsTheKernelDoes) {
    for (unsigned round = 0; round < 200 && !HasFatalFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        Choice choice(round);
        SuperPacket super = choice.one_in(2) ? random_tcp(choice) : random_udp(choice);
        SuperPacket single;
        single.bytes = segments_of(super).front();
        const bool tcp = single.bytes[single.bytes[0] >> 4 == 4 ? 9 : 6] == IPPROTO_TCP;
        leave_checksum_to_the_device(single, tcp ? IPPROTO_TCP : IPPROTO_UDP, tcp ? 16 : 6);
        check_segments(single);
    }
}

/** One connection or UDP flow that a random stream is made of. */
struct Stream {
    std::string from, to;
    bool tcp;
    /** Then IDs mean nothing (RFC 6864) and may change; so these streams just count them. */
    bool dont_fragment;
    size_t size;
    TcpFields fields;
    uint16_t id;
};

Stream random_stream(Choice& choice, bool with_udp, size_t number) {
    Stream stream;
    const bool v6 = choice.one_in(2);
    stream.from = (v6 ? "fd01::" : "10.1.0.") + std::to_string(number + 1);
    stream.to = v6 ? "fd02::1" : "10.2.0.1";
    stream.tcp = !with_udp || choice.one_in(2);
    stream.dont_fragment = choice.one_in(2);
    stream.size = choice.of<size_t>({100, 1000, 1331, 1448});
    stream.fields.sequence = choice.one_in(4) ? 0xffffff00 : choice.word();
    stream.fields.options = choice.one_in(3) ? Bytes{} : timestamps(1, 2);
    stream.id = static_cast<uint16_t>(choice.word());
    return stream;
}

/** Mostly the next full segment; now and then all that may end or break a run. */
Bytes next_packet(Choice& choice, Stream& stream) {
    const size_t size = choice.one_in(12) ? choice.between(1, stream.size) : choice.one_in(40) ? 0 : stream.size;
    Bytes packet;
    if (!stream.dont_fragment && choice.one_in(25)) ++stream.id;
    if (stream.tcp) {
        TcpFields& fields = stream.fields;
        if (choice.one_in(30)) fields.sequence += 77;  // a lost segment
        if (choice.one_in(20)) ++fields.acknowledgement;
        if (choice.one_in(20) && !fields.options.empty()) ++fields.options[7];
        fields.flags = static_cast<uint8_t>(tcp_ack | (choice.one_in(10) ? tcp_psh : 0) | (choice.one_in(40) ? tcp_fin : 0) |
                                            (choice.one_in(40) ? 0x80 : 0));
        packet = tcp_packet(stream.from, stream.to, fields, choice.bytes(size), stream.id++);
        fields.sequence += static_cast<uint32_t>(size);
    } else {
        packet = udp_packet(stream.from, stream.to, choice.bytes(size), stream.id++);
    }
    const bool v4 = packet[0] >> 4 == 4;
    if (v4 && stream.dont_fragment) store_be16(&packet[6], 0x4000);
    if (choice.one_in(30)) packet[1] = static_cast<uint8_t>(packet[1] ^ (v4 ? 0x03 : 0x30));  // congestion experienced
    if (v4) set_ipv4_checksum(packet.data(), 20);
    if (choice.one_in(40)) packet.back() = static_cast<uint8_t>(packet.back() + 1);  // damaged on the way
    if (v4 && !stream.tcp && choice.one_in(20)) std::memset(&packet[26], 0, 2);      // UDP without checksum
    return packet;
}

/** Gives what the coalescer makes to the kernel and keeps what that makes of it. */
struct KernelSink final : PacketSink {
    explicit KernelSink(KernelSegmentation& way) : kernel(way) {}

    void deliver(const VirtioHeader& header, const iovec* parts, size_t count, size_t segments) override {
        Bytes bytes;
        for (size_t i = 0; i < count; ++i) {
            const auto* part = static_cast<const uint8_t*>(parts[i].iov_base);
            bytes.insert(bytes.end(), part, part + parts[i].iov_len);
        }
        merged += segments > 1;
        for (Bytes& packet : kernel.forward(header, bytes, segments)) packets.push_back(std::move(packet));
    }

    KernelSegmentation& kernel;
    std::vector<Bytes> packets;
    size_t merged = 0;
};

/** IPv4 and IPv6 streams differ in the last byte of their source. */
std::map<uint8_t, std::vector<Bytes>> by_stream(const std::vector<Bytes>& packets) {
    std::map<uint8_t, std::vector<Bytes>> streams;
    for (const Bytes& packet : packets) streams[packet[packet[0] >> 4 == 4 ? 15 : 23]].push_back(packet);
    return streams;
}

/** Streams mixed at random: what the coalescer made of them comes out of the kernel as it went in, in order for each flow. */
TEST_F(GsoEquality, TheKernelTakesApartWhatTheCoalescerPutTogether) {
    size_t merged = 0;
    for (unsigned round = 0; round < 60 && !HasFatalFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        Choice choice(round);
        std::vector<Stream> streams;
        for (size_t i = 0; i < 4; ++i) streams.push_back(random_stream(choice, kernel.cuts_udp(), i));
        std::vector<Bytes> packets;
        while (packets.size() < 100) {
            Stream& stream = streams[choice.between(0, streams.size() - 1)];
            for (size_t burst = choice.between(1, 20); burst > 0; --burst) packets.push_back(next_packet(choice, stream));
        }
        auto copies = packets;
        KernelSink sink(kernel);
        Coalescer coalescer(sink);
        coalescer.enable_udp(kernel.cuts_udp());
        for (Bytes& packet : copies) coalescer.push(packet.data(), parse_inner_packet(packet.data(), packet.size()).value());
        coalescer.flush();
        merged += sink.merged;
        for (Bytes& packet : packets) packet = one_hop_further(packet);
        const auto before = by_stream(packets);
        const auto after = by_stream(sink.packets);
        ASSERT_EQ(before.size(), after.size());
        for (const auto& entry : before) expect_equal(entry.second, after.at(entry.first));
    }
    EXPECT_GT(merged, 300u);
}

}  // namespace
}  // namespace uxfrm
