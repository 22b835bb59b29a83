/// Board and firmware by `/sys/class/dmi/id`; names of setup menus depend on them. No serial numbers.
package struct FirmwareFacts: Hashable, Codable, Sendable {
    package var systemVendor: String?
    package var productName: String?
    package var boardVendor: String?
    package var boardName: String?
    package var biosVendor: String?
    package var biosVersion: String?

    package init(
        systemVendor: String? = nil, productName: String? = nil, boardVendor: String? = nil, boardName: String? = nil,
        biosVendor: String? = nil, biosVersion: String? = nil
    ) {
        self.systemVendor = systemVendor
        self.productName = productName
        self.boardVendor = boardVendor
        self.boardName = boardName
        self.biosVendor = biosVendor
        self.biosVersion = biosVersion
    }
}
