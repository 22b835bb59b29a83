/// Standard input byte by byte, for a guest's console.
package struct Keyboard: Sendable {
    /// What is typed; ends with the input.
    package var keys: AsyncStream<[UInt8]>
    /// Gives the terminal back as it was.
    package var restore: @Sendable () -> Void

    package init(keys: AsyncStream<[UInt8]>, restore: @escaping @Sendable () -> Void) {
        self.keys = keys
        self.restore = restore
    }

    /// Ctrl and `]`: leaves the console, as in telnet and virsh.
    package static let leave: UInt8 = 0x1d
}
