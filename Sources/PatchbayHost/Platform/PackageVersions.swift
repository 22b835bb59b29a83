import PatchbayCore

/// Versions of installed packages, where a distribution keeps them as text: dpkg's `status` (deb822(5)).
struct PackageVersions {
    private var versions: [Substring: Substring] = [:]

    init(_ tree: HostTree) {
        guard let text = tree.text(SysfsPath.dpkgStatus) else { return }
        var package: Substring?
        var isInstalled = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                package = nil
                isInstalled = false
            } else if line.hasPrefix("Package: ") {
                package = line.dropFirst(9)
            } else if line.hasPrefix("Status: ") {
                isInstalled = line.hasSuffix(" installed")
            } else if line.hasPrefix("Version: "), let package, isInstalled {
                versions[package] = line.dropFirst(9)
            }
        }
    }

    /// Of the first that is installed. Epoch and revision are left out: `1:7.2+dfsg-7` → 7.2.0.
    func version(of packages: [String]) -> SoftwareVersion? {
        packages.lazy.compactMap { versions[$0[...]] }.first.flatMap { SoftwareVersion(in: $0) }
    }
}
