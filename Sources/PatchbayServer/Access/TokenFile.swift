import PatchbayCore

/// The file with the server's token: made once, readable by the server's user only.
package enum TokenFile {
    /// - Returns: the token, and whether it was made now and should be shown to whoever starts the server.
    package static func read(orMakeAt path: String) throws(Problem) -> (token: String, isNew: Bool) {
        let file = PrivateFile(path: path, name: "token file", remedy: "so that a new token is made")
        if let token = try file.read() {
            guard token.utf8.count >= 32 else { throw file.refused("holds a token that is too short") }
            return (token, false)
        }
        let token = Secret.make()
        try file.write("\(token)\n")
        return (token, true)
    }
}
