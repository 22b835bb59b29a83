import Foundation
import PatchbayCore
import PatchbayLab
import PatchbayTesting
import PatchbayText
import Testing

/// Three boots of the small host, which differ in what its kernel is told of the IOMMU; without libvirt, server and agent.
@Suite(
    .enabled(if: LabSession.isWanted, "the emulated lab is left out; set PATCHBAY_LAB=1"), .serialized, .besideTheLab)
struct `The doctor in the lab` {
    private static let boots: [(parameters: [String], iommu: DoctorCheck.Verdict, remapping: DoctorCheck.Verdict?)] = [
        (["intel_iommu=off"], .failure, nil),
        (["intel_iommu=on"], .pass, .pass),
        (["intel_iommu=on", "intremap=off"], .pass, .failure),
    ]

    @Test(.requirements("V3", "N16", "O5"), arguments: boots.indices)
    func `tells an IOMMU that is off from one that is on, and from one that does not remap interrupts`(
        _ number: Int
    ) async throws {
        let boot = Self.boots[number]
        let directory = "\(NSTemporaryDirectory())patchbay-lab-\(UUID().uuidString.prefix(8))"
        let lab = Lab(directory: directory)
        let description = try HostDescription(yaml: #require(LabAssets.descriptions["small"]))
        let order = Lab.Order(description: description, binary: nil, iommu: boot.parameters, isPlain: true)
        let report: DoctorReport
        do {
            let host = try #require(try await lab.up(order, cache: LabCache { print("lab: \($0)") }).first)
            try await host.install(LabSession.binary, token: "")
            report = try await host.doctor()
        } catch {
            try await lab.down()
            throw error
        }
        try await lab.down()
        try FileManager.default.removeItem(atPath: directory)
        let iommu = try #require(report.checks.first { $0.code == "iommu" })
        #expect(iommu.verdict == boot.iommu, "\(iommu)")
        let remapping = report.checks.first { $0.code == "interrupt-remapping" }
        #expect(remapping?.verdict == boot.remapping, "\(String(describing: remapping))")
        let fixes = (iommu.fix + (remapping?.fix ?? [])).lines.joined(separator: "\n")
        switch number {
        case 0: #expect(fixes.contains("intel_iommu"), "\(fixes)")
        case 1: #expect(fixes.isEmpty, "\(fixes)")
        default: #expect(fixes.contains("intremap=off"), "\(fixes)")
        }
    }
}
