import PatchbayCore

extension API {
    /// How well an IOMMU group is kept apart, and why it is as large as it is.
    package struct Isolation: Codable, Hashable, Sendable {
        /// isolated, not-isolated, unknown
        package var verdict: String
        /// Why the verdict, one sentence each.
        package var reasons: [String]
        /// Why the members share one group, one sentence each.
        package var causes: [String]
    }

    /// Memory that a group's devices must map one to one, or may not use.
    package struct ReservedRegion: Codable, Hashable, Sendable {
        /// Hexadecimal, as the kernel prints them: `0x00000000fee00000`.
        package var start: String
        package var end: String
        /// direct (the kernel will refuse assignment), direct-relaxable, reserved, msi
        package var kind: String
    }
}
