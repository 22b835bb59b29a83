import Foundation
import PatchbayCore
import Testing

@testable import PatchbayHost

/// The capability walk beside that of pciutils, on config spaces of real machines.
///
/// `PATCHBAY_MACHINES` names a directory with recorded machines, `NAME.tar.xz`.
@Suite struct `Capabilities as lspci sees them` {
    private static let machines = ["hp-haswell-a2-vgpu", "desktop-ryzen-rtx3090", "desktop-x58-asus-p6t6"]

    private static var folder: String? { ProcessInfo.processInfo.environment["PATCHBAY_MACHINES"] }

    @Test(
        .enabled(if: folder != nil, "PATCHBAY_MACHINES names no directory with recorded machines"),
        .enabled(if: lspci != nil, "lspci is not installed (package pciutils)"), arguments: machines)
    func `every capability is found`(_ name: String) async throws {
        let folder = try #require(Self.folder)
        let scratch = FileManager.default.temporaryDirectory.appending(path: "patchbay-lspci-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        _ = try await run("/usr/bin/env", ["tar", "-xJf", "\(folder)/\(name).tar.xz", "-C", scratch.path])
        let root = try top(of: scratch)
        try complete(root)
        let text = try await run(
            try #require(Self.lspci),
            ["-D", "-vvv", "-A", "linux-sysfs", "-O", "sysfs.path=\(root)/sys/bus/pci"])
        var inventory = try InventoryReader(root: root).read()
        _ = DetailsReader(tree: try HostTree(root: root), locked: []).fill(&inventory)
        let theirs = Self.capabilities(text)
        #expect(theirs.values.map(\.count).reduce(0, +) > 100)
        for (address, expected) in theirs {
            let bytes = [UInt8](
                try Data(contentsOf: URL(filePath: "\(root)/sys/bus/pci/devices/\(address)/config")))
            #expect(places(bytes) == Set(expected.map(\.place)), "\(name) \(address)")
            guard let function = inventory[try PCIAddress(address)], let details = function.details else { continue }
            let capabilities = try #require(details.capabilities)
            for capability in expected {
                #expect(agrees(capabilities, capability.words), "\(name) \(address): \(capability.words)")
            }
        }
    }

    private static var lspci: String? {
        ["/usr/bin/lspci", "/usr/sbin/lspci", "/sbin/lspci"].first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private struct Capability {
        /// `40`, `100 v1`: the version is there in the extended list only.
        var place: String
        var words: String
    }

    /// `Capabilities: [100 v1] Advanced Error Reporting` with the lines below it, by function.
    private static func capabilities(_ text: String) -> [String: [Capability]] {
        var result: [String: [Capability]] = [:]
        for block in text.components(separatedBy: "\n\n") {
            guard let address = block.split(separator: " ").first else { continue }
            var open = false
            for line in block.split(separator: "\n").dropFirst() {
                let word = "\tCapabilities: ["
                if line.hasPrefix(word), let end = line.firstIndex(of: "]") {
                    let place = String(line[line.index(line.startIndex, offsetBy: word.count)..<end])
                    let words = String(line[line.index(after: end)...].dropFirst())
                    result[String(address), default: []].append(Capability(place: place, words: words))
                    open = true
                } else if open, line.hasPrefix("\t\t"), let last = result[String(address)]?.indices.last {
                    result[String(address)]?[last].words += "\n" + line
                } else {
                    open = false
                }
            }
        }
        return result
    }

    private func places(_ bytes: [UInt8]) -> Set<String> {
        let space = ConfigSpace(bytes)
        let standard = (space.standardList?.entries ?? []).map { UInt8($0.offset).hex(2) }
        let extended = (space.extendedList?.entries ?? []).map { entry in
            "\(String(entry.offset, radix: 16)) v\(bytes[entry.offset + 2] & 0xf)"
        }
        return Set(standard + extended)
    }

    /// What lspci decodes of the capabilities that we decode as well.
    private func agrees(_ ours: PCICapabilities, _ words: String) -> Bool {
        func has(_ text: String) -> Bool { words.contains(text) }
        switch true {
        case words.hasPrefix("Power Management"):
            return !has("NoSoftRst") || ours.resetsOnPowerUp == has("NoSoftRst-")
        case words.hasPrefix("MSI-X"): return has("Count=\(ours.msixVectors ?? -1) ")
        case words.hasPrefix("MSI:"): return has("/\(ours.msiVectors ?? -1) ")
        case words.hasPrefix("PCI Advanced Features"): return ours.hasAFReset == (has("FLR+") && has("TP+"))
        case words.hasPrefix("Express"):
            let isFLR = !has("FLReset") || ours.express?.hasFLR == has("FLReset+")
            guard has("LnkCap:"), let width = ours.express?.maxWidth, let speed = ours.express?.maxSpeed else {
                return isFLR
            }
            let lines = words.split(separator: "\n").filter { $0.contains("LnkCap:") }
            let told = PCILink.speedWords(speed).replacingOccurrences(of: " ", with: "")
            return isFLR && lines.allSatisfy { $0.contains("Width x\(width),") && $0.contains("Speed \(told),") }
        case words.hasPrefix("Device Serial Number"):
            return ours.serialNumber.map { has(DeviceSerial(dsn: $0).value) } ?? false
        case words.hasPrefix("Access Control Services"):
            guard let acs = ours.acs else { return false }
            return words.split(separator: "\n").allSatisfy { line in
                guard let bits = line.contains("ACSCap:") ? acs.capable : line.contains("ACSCtl:") ? acs.enabled : nil
                else { return true }
                return line.contains("SrcValid\(bits.contains(.sourceValidation) ? "+" : "-")")
                    && line.contains("ReqRedir\(bits.contains(.requestRedirect) ? "+" : "-")")
                    && line.contains("UpstreamFwd\(bits.contains(.upstreamForwarding) ? "+" : "-")")
            }
        case words.hasPrefix("Single Root"):
            guard let sriov = ours.sriov else { return false }
            return has("Initial VFs: \(sriov.initialVFs), Total VFs: \(sriov.totalVFs), Number of VFs: \(sriov.numVFs)")
                && has(
                    "VF offset: \(sriov.firstOffset), stride: \(sriov.stride), Device ID: \(sriov.vfDeviceID.hex(4))")
        case words.hasPrefix("Advanced Error Reporting"): return ours.hasAER
        case words.hasPrefix("Alternative Routing-ID"): return ours.hasARI
        case words.hasPrefix("Address Translation Service"): return ours.ats == has("Enable+")
        case words.hasPrefix("Page Request Interface"): return ours.hasPRI
        case words.hasPrefix("Process Address Space ID"): return ours.hasPASID
        case words.hasPrefix("Physical Resizable BAR"): return !ours.resizableBARs.isEmpty
        default: return true
        }
    }

    private func top(of folder: URL) throws -> String {
        let entries = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return entries.contains("sys") ? folder.path : folder.appending(path: try #require(entries.first)).path
    }

    /// lspci wants files of every function that some recordings lack; it prints nothing without them.
    private func complete(_ root: String) throws {
        let devices = "\(root)/sys/bus/pci/devices"
        for address in try FileManager.default.contentsOfDirectory(atPath: devices) {
            let none = "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
            for (name, text) in [("irq", "0\n"), ("resource", String(repeating: none, count: 13))] {
                let file = "\(devices)/\(address)/\(name)"
                if FileManager.default.fileExists(atPath: file) { continue }
                try text.write(toFile: file, atomically: false, encoding: .utf8)
            }
        }
    }

    /// What it printed. lspci ends with an error for trees that lack some of its files, and prints all the same.
    private func run(_ program: String, _ arguments: [String]) async throws -> String {
        try await Program(program).run(
            arguments, environment: ProcessInfo.processInfo.environment, most: 64 << 20, within: .seconds(300)
        ).text
    }
}
