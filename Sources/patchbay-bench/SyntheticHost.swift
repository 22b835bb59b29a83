import Foundation
import PatchbayCore

/// A host's tree with as many functions as wanted: root ports, each with a card of eight functions behind it, of kinds
/// that take turns; drivers, groups, two NUMA nodes, virtual functions, interfaces and disks.
struct SyntheticHost {
    let root: URL
    let functions: Int

    /// What a card's eight functions are.
    private struct Card {
        var id: String
        var deviceClass: String
        var driver: String
        var isShared = false
    }

    private static let cards = [
        Card(id: "10de:20b5", deviceClass: "030200", driver: "nvidia"),
        Card(id: "8086:1592", deviceClass: "020000", driver: "ice", isShared: true),
        Card(id: "144d:a80a", deviceClass: "010802", driver: "nvme"),
        Card(id: "15b3:101d", deviceClass: "020000", driver: "mlx5_core", isShared: true),
        Card(id: "1002:740f", deviceClass: "038000", driver: "amdgpu"),
    ]

    func make() throws {
        for node in 0...1 {
            try file("sys/devices/system/node/node\(node)/cpulist", "\(node * 64)-\(node * 64 + 63)\n")
        }
        try file("sys/devices/system/cpu/online", "0-127\n")
        try file("proc/1/mountinfo", "1 1 0:1 / / rw - ext4 /dev/nvme2n1 rw\n")
        try folder("sys/class/iommu/dmar0")
        var made = 0
        var port = 0
        while made < functions {
            let (domain, place) = port.quotientAndRemainder(dividingBy: 240)
            let address = PCIAddress(
                domain: UInt32(domain), bus: 0, slot: UInt8(1 + place / 8), function: UInt8(place % 8))
            guard let address else { break }
            try makePort(address)
            made += 1
            let card = Self.cards[port % Self.cards.count]
            for function in 0..<min(8, functions - made) {
                try make(card, port, UInt8(function), behind: address, bus: UInt8(place + 1))
                made += 1
            }
            port += 1
        }
    }

    private func makePort(_ address: PCIAddress) throws {
        let directory = try function(
            address, below: "pci\(address.domain.hex(4)):00", id: "8086:347a", deviceClass: "060400", headerType: 1,
            driver: "pcieport")
        try file("\(directory)/reset_method", "pm\n")
    }

    private func make(_ card: Card, _ port: Int, _ number: UInt8, behind bridge: PCIAddress, bus: UInt8) throws {
        let parents = "pci\(bridge.domain.hex(4)):00/\(bridge)"
        guard let address = PCIAddress(domain: bridge.domain, bus: bus, slot: 0, function: number),
            let first = PCIAddress(domain: bridge.domain, bus: bus, slot: 0, function: 0)
        else { return }
        let directory = try function(
            address, below: parents, id: card.id, deviceClass: card.deviceClass, headerType: 0x80, driver: card.driver)
        try file("\(directory)/reset_method", "flr bus\n")
        let parent = "sys/devices/\(parents)/\(first)"
        if card.isShared, number == 0 {
            try file("\(directory)/sriov_totalvfs", "64\n")
            try file("\(directory)/sriov_numvfs", "7\n")
            try folder("\(directory)/net/eth\(port)")
            try link("sys/class/net/eth\(port)", to: "\(directory)/net/eth\(port)")
        } else if card.isShared {
            try link("\(parent)/virtfn\(number - 1)", to: directory)
            try link("\(directory)/physfn", to: parent)
        } else if card.driver == "nvme", number == 0 {
            try folder("\(directory)/nvme/nvme\(port)/nvme\(port)n1")
            for path in ["sys/block", "sys/class/block"] {
                try link("\(path)/nvme\(port)n1", to: "\(directory)/nvme/nvme\(port)/nvme\(port)n1")
            }
        }
    }
}
