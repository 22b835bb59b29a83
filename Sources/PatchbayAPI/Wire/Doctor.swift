import PatchbayCore

extension API {
    /// A host looked over. Checks are sorted: what fails first.
    package struct DoctorReport: Codable, Hashable, Sendable {
        package var host: String
        /// Distribution, kernel, libvirt, QEMU with their versions, as far as they are known.
        package var system: [String]
        /// The whole in one sentence.
        package var headline: String
        /// What to do first, one step a line.
        package var next: [String]
        /// The worst of all checks.
        package var verdict: PatchbayCore.DoctorCheck.Verdict
        /// Devices that could be lent now, of all that are no bridges.
        package var lendable: Int
        package var devices: Int
        package var checks: [DoctorCheck]
    }

    package struct DoctorCheck: Codable, Hashable, Sendable {
        /// Stable: `iommu`, `interrupt-remapping`.
        package var code: String
        package var title: String
        package var verdict: PatchbayCore.DoctorCheck.Verdict
        package var reason: String
        /// Facts the verdict stands on.
        package var evidence: [String]
        /// Steps for a person, with the commands of this distribution and boot loader. Nothing applies them.
        package var fix: [String]
    }
}
