import PatchbayCore

/// The lab's own sources and descriptions, carried inside the program so that an installed one needs nothing beside it.
package enum LabAssets {
    static let labd = PackageResources.labd_c
    static let stage1 = PackageResources.stage1_c
    static let probe = PackageResources.probe_c
    static let reporter = PackageResources.reporter_c
    static let hostInit = PackageResources.host_init_sh
    static let startLibvirt = PackageResources.start_libvirt_sh
    static let makeVirtualFunctions = PackageResources.make_vfs_sh

    /// Descriptions that come with the lab, by name.
    package static let descriptions: [String: String] = [
        "rich": text(PackageResources.rich_yaml), "small": text(PackageResources.small_yaml),
    ]

    /// Everything that what we build depends on.
    static var sources: [[UInt8]] {
        [labd, stage1, probe, reporter, hostInit, startLibvirt, makeVirtualFunctions]
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
