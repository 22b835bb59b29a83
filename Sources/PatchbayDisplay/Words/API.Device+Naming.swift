import PatchbayAPI
import PatchbayCore

extension API.Device {
    /// What fits on a jack or a line of a drawing: `A100 PCIe 80GB` of `GA100 [A100 PCIe 80GB]`.
    ///
    /// `pci.ids` puts the name that people know into a bracket behind the chip's, but also modes and code names behind a
    /// full name, as in `FCH SATA Controller [AHCI mode]`: there the bracket goes.
    package var briefName: String {
        guard let deviceName else { return className ?? name }
        guard deviceName.last == "]", let open = deviceName.lastIndex(of: "[") else { return deviceName }
        let front = deviceName[..<open].trimmed
        let inner = deviceName[deviceName.index(after: open)...].dropLast().trimmed
        guard !inner.isEmpty else { return deviceName }
        guard !front.isEmpty else { return inner }
        return Self.saysWhatItIs(front) ? front : inner
    }

    /// A chip's code name has none of these words.
    private static func saysWhatItIs(_ name: String) -> Bool {
        let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
        return words.contains { kinds.contains(String($0)) }
    }

    private static let kinds: Set<String> = [
        "adapter", "bridge", "card", "controller", "device", "disk", "drive", "express", "host", "ide", "megaraid",
        "memory", "port", "sas", "sata", "ssata", "ssd", "storage", "usb",
    ]

    /// `41:00.0`, or with the domain when that is not 0.
    package var shortAddress: String {
        guard let slash = shortID.lastIndex(of: "/") else { return shortID }
        return String(shortID[shortID.index(after: slash)...])
    }
}

extension Substring {
    fileprivate var trimmed: String {
        let start = drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
