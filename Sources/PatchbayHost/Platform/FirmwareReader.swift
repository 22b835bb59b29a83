import PatchbayCore

/// Board and firmware, by what the firmware's tables say (SMBIOS). Serial numbers are not read.
struct FirmwareReader {
    let tree: HostTree

    func read() -> FirmwareFacts {
        FirmwareFacts(
            systemVendor: fact("sys_vendor"), productName: fact("product_name"), boardVendor: fact("board_vendor"),
            boardName: fact("board_name"), biosVendor: fact("bios_vendor"), biosVersion: fact("bios_version"))
    }

    private func fact(_ name: String) -> String? {
        guard let text = tree.line("\(SysfsPath.board)/\(name)"), !Self.fillers.contains(text.lowercased()) else {
            return nil
        }
        return text
    }

    /// What makers leave in fields they did not fill in.
    private static let fillers: Set<String> = [
        "to be filled by o.e.m.", "default string", "system manufacturer", "system product name", "not specified",
        "not applicable", "n/a", "none", "o.e.m.", "oem", "unknown", "undefined", "empty", "base board product name",
        "base board manufacturer", "invalid",
    ]
}
