/// A line of a file that tells the kernel or its modules something, so that a person finds it.
package struct SettingLine: Hashable, Codable, Sendable {
    /// `/etc/modprobe.d/vfio.conf`
    package var file: String
    /// From 1.
    package var lineNumber: Int
    /// Its words with one blank between them: parameters of the kernel, or a line of modprobe.d.
    package var setting: String
    /// Why it does nothing, where another line or program has the word: part of a sentence. nil: it is read, or the loader
    /// that would read it does not start the host.
    package var unreadBecause: String?

    package init(file: String, lineNumber: Int, setting: String, unreadBecause: String? = nil) {
        self.file = file
        self.lineNumber = lineNumber
        self.setting = setting
        self.unreadBecause = unreadBecause
    }

    /// Not of the kernel but of a module, wherever somebody wrote it.
    package var isOfModule: Bool { file.contains("/modprobe.d/") || file == "/etc/modprobe.conf" || isOfModuleList }
    /// In a file that names modules to load, one a line, where options do nothing.
    package var isOfModuleList: Bool { file == "/etc/modules" || file.contains("/modules-load.d/") }
    /// modprobe reads the file that it stands in (modprobe.d(5)).
    package var isRead: Bool { file.contains("/modprobe.d/") && file.hasSuffix(".conf") }
    /// `line 3 of /etc/default/grub`
    package var place: String { "line \(lineNumber) of \(file)" }
}
